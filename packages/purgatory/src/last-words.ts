import { LastWords as Record } from './generated/last-words.js';

/** In bytes: what purgatory writes at `PurgatoryParameters.lastWords`. */
export const LAST_WORDS_SIZE = Record.at.found.offset + Record.at.found.size;
