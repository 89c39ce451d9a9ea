import type { Codes, Diagnostic } from '@kexec-kit/loader-api';

const AGAIN = 'make the plan again; a saved plan is not to be edited';

export function savedNotJson(reason: string): Diagnostic {
  return error('SUBMISSION_NOT_JSON', `the saved plan is not JSON: ${reason}`, { hint: AGAIN });
}

export function savedNotOurs(found: string, expected: string): Diagnostic {
  return error('SUBMISSION_FORMAT', 'this JSON is not a saved plan of kexec-kit', {
    at: { field: 'format' },
    found,
    expected,
    hint: 'give a file that kexec-kit plan -o wrote',
  });
}

export function savedVersion(found: string, expected: string): Diagnostic {
  return error(
    'SUBMISSION_VERSION',
    `the saved plan has format version ${found}, this program reads version ${expected}`,
    {
      at: { field: 'version' },
      found,
      expected,
      hint: 'make the plan again with this version of kexec-kit',
    },
  );
}

export function savedSchema(field: string, found: string, expected: string): Diagnostic {
  const what = expected === 'never' ? `has a key that nobody knows: ${field}` : `is wrong at ${field}`;
  return error('SUBMISSION_SCHEMA', `the saved plan ${what}`, {
    at: { field },
    found,
    expected: expected === 'never' ? 'no such key' : expected,
    hint: AGAIN,
  });
}

export function savedInconsistent(field: string, problem: string): Diagnostic {
  return error('SUBMISSION_INCONSISTENT', `the saved plan contradicts itself at ${field}: ${problem}`, {
    at: { field },
    found: problem,
    hint: AGAIN,
  });
}

export function savedEdited(found: string, expected: string): Diagnostic {
  return error('SUBMISSION_EDITED', 'the saved plan was changed after it was made', {
    at: { field: 'integrity' },
    found,
    expected,
    hint: AGAIN,
  });
}

function error(
  code: string,
  message: string,
  more: Omit<Diagnostic, 'code' | 'severity' | 'message'>,
): Diagnostic {
  return { code, severity: 'error', message, ...more };
}

export const savedCodes: Codes = {
  SUBMISSION_NOT_JSON: {
    cause: 'A saved plan cannot be read as JSON, e.g. because it was cut short.',
    cure: 'Make the plan again.',
  },
  SUBMISSION_FORMAT: {
    cause: 'A JSON file was given that is not a saved plan.',
    cure: 'Give a file that kexec-kit plan -o wrote.',
  },
  SUBMISSION_VERSION: {
    cause:
      'The saved plan was written by another version of kexec-kit, in a format that this one does not read.',
    cure: 'Make the plan again with this version.',
  },
  SUBMISSION_SCHEMA: {
    cause: 'A value of the saved plan is missing, unknown or of the wrong form.',
    cure: 'Make the plan again; a saved plan is not to be edited.',
    spec: 'submission.schema.json of @kexec-kit/core',
  },
  SUBMISSION_INCONSISTENT: {
    cause: 'The values of the saved plan contradict each other, e.g. segments that overlap.',
    cure: 'Make the plan again; a saved plan is not to be edited.',
  },
  SUBMISSION_EDITED: {
    cause:
      'The content of the saved plan does not have the digest that it carries. The digest is a checksum against accidents and edits, not a signature.',
    cure: 'Make the plan again; to change a plan, change the options of kexec-kit plan.',
  },
};
