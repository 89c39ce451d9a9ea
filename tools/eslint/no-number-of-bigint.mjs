// @ts-check
/** `kexec-kit/no-number-of-bigint`: an address becomes an index in one checked place, `toIndex`. */
import { ESLintUtils } from '@typescript-eslint/utils';
import ts from 'typescript';

export const noNumberOfBigint = ESLintUtils.RuleCreator.withoutDocs({
  meta: {
    type: 'problem',
    schema: [],
    defaultOptions: [],
    messages: {
      rounds:
        'Number(bigint) rounds above 2^53 without a word: use toIndex of @kexec-kit/loader-api, which refuses.',
    },
  },
  create(context) {
    const services = ESLintUtils.getParserServices(context);
    return {
      CallExpression(node) {
        const [argument] = node.arguments;
        if (node.callee.type !== 'Identifier' || node.callee.name !== 'Number' || argument === undefined)
          return;
        if (mayBeBigint(services.getTypeAtLocation(argument))) context.report({ node, messageId: 'rounds' });
      },
    };
  },
});

/**
 * @param {ts.Type} type
 * @returns {boolean}
 */
function mayBeBigint(type) {
  if (type.isUnion()) return type.types.some(mayBeBigint);
  const isBigint = type.flags & ts.TypeFlags.BigIntLike;
  return Boolean(isBigint);
}
