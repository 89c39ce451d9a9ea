import type { Result, Submission } from '@kexec-kit/loader-api';
import { callOf } from '../load/words.js';
import { counted, humanSize } from '../size.js';
import type { DoctorCode } from './codes.js';
import { memoryOf, sizeOfFiles } from './needs.js';
import type { Way } from './situation.js';
import { fine, stops, unknown, type Check } from './verdict.js';

/** How the image would go one way. */
function planned(way: Way, code: DoctorCode): Check {
  return {
    code,
    title: callOf[way],
    when: ({ image, wanted }) => image !== undefined && wanted.includes(way),
    judge: ({ image }) => {
      const result: Result<Submission> | undefined = image?.plans?.[way];
      if (result === undefined) return unknown('not planned: the machine could not be read');
      if (result.ok) return fine(taken(result.value));
      const [{ message, hint }] = result.diagnostics;
      return stops([way], message, `${callOf[way]} is no way for this`, hint);
    },
  };
}

function taken(submission: Submission): string {
  return submission.method === 'file'
    ? `the running kernel places ${humanSize(sizeOfFiles(submission))} of files by itself`
    : `${humanSize(memoryOf(submission.segments))} in ${counted(submission.segments.length, 'segment')}`;
}

/** What was planned. */
export const imageChecks: readonly Check[] = [
  planned('file', 'DOCTOR_KEXEC_FILE_LOAD'),
  planned('segments', 'DOCTOR_KEXEC_LOAD'),
];
