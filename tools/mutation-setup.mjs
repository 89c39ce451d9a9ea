// @ts-check
/** What every test file of a mutation run begins with: the same cases in each run, and no search for the smallest that fails. */
import fc from 'fast-check';

fc.configureGlobal({ seed: 1, endOnFailure: true });
