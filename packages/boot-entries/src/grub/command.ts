import type { Word } from './words.js';

/** One command of a GRUB script. */
export type Command =
  | {
      readonly kind: 'simple';
      readonly words: readonly Word[];
      readonly block?: Script;
      readonly line: number;
    }
  | {
      readonly kind: 'if';
      readonly branches: readonly Branch[];
      readonly otherwise: Script;
      readonly line: number;
    }
  | {
      readonly kind: 'for';
      readonly name: string;
      readonly words: readonly Word[];
      readonly body: Script;
      readonly line: number;
    }
  | {
      readonly kind: 'while';
      readonly isUntil: boolean;
      readonly condition: Script;
      readonly body: Script;
      readonly line: number;
    }
  | { readonly kind: 'function'; readonly name: string; readonly body: Script; readonly line: number };

export type Script = readonly Command[];

export interface Branch {
  readonly condition: Script;
  readonly body: Script;
}
