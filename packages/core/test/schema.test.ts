import { fileURLToPath } from 'node:url';
import { toJsonSchema } from '@valibot/to-json-schema';
import { format, resolveConfig } from 'prettier';
import { expect, it } from 'vitest';
import { submissionSchema } from '@kexec-kit/core';
import { savedSchema } from '../src/saved/schema.js';

const published = fileURLToPath(new URL('../submission.schema.json', import.meta.url));
const generated = fileURLToPath(new URL('../src/generated/submission-schema.ts', import.meta.url));

/** What the schema library makes of the schema that reading uses; what JSON Schema cannot say is left out. */
const schema = {
  title: 'A saved submission of kexec-kit',
  description:
    'What goes where in memory when another kernel is started. Whoever applies one owns the machine.',
  ...toJsonSchema(savedSchema, {
    typeMode: 'input',
    ignoreActions: ['transform', 'safe_integer'],
    errorMode: 'ignore',
  }),
};

// To write both anew: npx vitest run packages/core/test/schema.test.ts -u
it('is published as it is used', async () => {
  const text = await format(JSON.stringify(schema), { ...(await resolveConfig(published)), parser: 'json' });
  await expect(text).toMatchFileSnapshot(published);
});

it('is exported as a value', async () => {
  const module = `// Generated from saved/schema.ts by test/schema.test.ts.\n\n/** The JSON Schema of a saved submission. */\nexport const submissionSchema: Readonly<Record<string, unknown>> = ${JSON.stringify(schema, undefined, 2)};\n`;
  await expect(module).toMatchFileSnapshot(generated);
  expect(submissionSchema).toEqual(JSON.parse(JSON.stringify(schema)));
});
