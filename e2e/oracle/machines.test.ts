import { expect, test } from 'vitest';
import { runMany } from './bulk.js';
import { formats } from './case.js';
import { reportOf } from './report.js';

const MACHINES = process.env['KEXEC_KIT_ALL'] === '1' ? 2000 : 300;
/** Always the same machines: `npm run oracle` draws others every time. */
const SEED = 20261121;

test(
  `kexec(8) and we agree on ${MACHINES} generated machines, but for what rules explain`,
  { timeout: 1_200_000 },
  async () => {
    const report = await runMany({ machines: MACHINES, formats, seed: SEED });
    const again = ({ format, seed }: { format: string; seed: number }) =>
      `npm run oracle -- --machines 1 --format ${format} --seed ${seed}`;
    expect(report.disagreements, reportOf(report, again)).toEqual([]);
    for (const [format, { loaded, counts }] of report.tallies) {
      const tried = MACHINES / formats.length;
      expect(loaded, `${format}: so often both load`).toBeGreaterThan(tried / 5);
      const predicted = counts.get('places, as predicted');
      expect(predicted?.equal, `${format}: places as the policy of kexec(8) has them`).toBe(predicted?.all);
      const placed = counts.get('places, by one policy') ?? { equal: 0, all: 0 };
      expect(placed.equal / placed.all, `${format}: places equal without any rule`).toBeGreaterThan(0.5);
    }
  },
);
