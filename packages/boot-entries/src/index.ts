export { chooseBootEntry } from './choose.js';
export { codes as bootEntriesCodes } from './codes.js';
export type { BootEntry, FileWithArguments } from './entry.js';
export { readBootEntries } from './read.js';
