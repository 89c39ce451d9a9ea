import { checks } from './checks.js';
import { doctorCodes, type DoctorCode } from './codes.js';
import type { Situation, Way } from './situation.js';
import { levels, type Check, type Level, type Verdict } from './verdict.js';

/** What one check came to, weighed with the others. */
export interface Finding {
  readonly code: DoctorCode;
  readonly title: string;
  readonly level: Level;
  readonly finding: string;
  readonly consequence?: string;
  /** Where something is to be done. */
  readonly cure?: string;
  /** The ways that cannot be gone for this. */
  readonly stops: readonly Way[];
}

export interface WayState {
  readonly method: Way;
  readonly open: boolean;
  /** By which checks, where it is not open. */
  readonly stoppedBy: readonly DoctorCode[];
}

export interface Diagnosis {
  /** The worst first. */
  readonly findings: readonly Finding[];
  /** Those that were asked for, in the order in which `load` tries them. */
  readonly ways: readonly WayState[];
  /** At least one way is open, as far as could be seen. */
  readonly can: boolean;
}

/** Asks every check, and says which ways remain. What stops one way is a failure only where no other way remains. */
export function diagnose(situation: Situation): Diagnosis {
  const judged = checks
    .filter(({ when }) => when?.(situation) ?? true)
    .map((check) => ({ check, verdict: check.judge(situation) }));
  const ways = situation.wanted.map((method): WayState => {
    const stoppedBy = judged
      .filter(({ verdict }) => verdict.stops?.includes(method))
      .map(({ check }) => check.code);
    return { method, open: stoppedBy.length === 0, stoppedBy };
  });
  const can = ways.some(({ open }) => open);
  const weigh = ({ level, stops }: Verdict): Level => {
    const isInTheWay = !can && (stops?.some((way) => situation.wanted.includes(way)) ?? false);
    return stops === undefined || isInTheWay ? level : 'note';
  };
  const findings = judged.map(({ check, verdict }) => asFinding(check, verdict, weigh(verdict)));
  return { findings: worstFirst(findings), ways, can };
}

function asFinding({ code, title }: Check, verdict: Verdict, level: Level): Finding {
  const { finding, consequence, cure = doctorCodes[code].cure, stops = [] } = verdict;
  const isToCure = level === 'failure' || level === 'warning';
  return {
    code,
    title,
    level,
    finding,
    ...(consequence !== undefined && { consequence }),
    ...(isToCure && { cure: sentence(cure) }),
    stops,
  };
}

/** The hint of a diagnostic is no sentence by itself. */
function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1).replace(/\.$/, '')}.`;
}

function worstFirst(findings: readonly Finding[]): readonly Finding[] {
  return levels.flatMap((level) => findings.filter((finding) => finding.level === level));
}
