import type { Scope } from './scope.js';
import type { Command } from './command.js';

export type Simple = Extract<Command, { kind: 'simple' }>;

/** What one of GRUB's commands does for the menu; whether it succeeded. */
export type Builtin = (scope: Scope, words: readonly string[], command: Simple) => boolean;
