// A process that boots something endless and waits: rom.test.ts kills it and looks for what is left.
import { boot } from '@kexec-kit/backend-qemu';
import { ENDLESS, noSource, segment, submissionFor } from './rom-submission.js';

const guest = { model: 'microvm', memory: 16n << 20n } as const;
const entry = 2n << 20n;
const submission = submissionFor(guest, [segment(entry, [{ bytes: ENDLESS }], 0x1000n)], entry);
await boot(submission, noSource, { ...guest, timeoutMs: 30_000 });
