/** That Prometheus takes the alerts, and that each one fires for what it is there for, then and only then. */
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { alertGroups } from '../../infra/src/observability/alerts.js';
import { alertCases, INTERVAL, type AlertCase } from './alert-cases.js';
import { isPrometheusMissing } from './missing-programs.js';
import { synthesizeRules, type RuleFiles } from './rule-files.js';

const rules = alertGroups().flatMap((group) => group.rules);

it('there is a case for each alert', () => {
  expect(Object.keys(alertCases)).toEqual(rules.map(({ alert }) => alert));
});

describe.skipIf(isPrometheusMissing())('promtool', () => {
  let files: RuleFiles;

  beforeAll(async () => {
    files = await synthesizeRules();
  });
  afterAll(() => files[Symbol.asyncDispose]());

  it('takes the rules', async () => {
    const { stdout } = await promtool('check', 'rules', files.alerts);
    expect(stdout).toContain(`SUCCESS: ${rules.length} rules found`);
  });

  it.each(rules)(
    'finds that $alert fires when there is trouble, in time, and else does not',
    async (rule) => {
      const file = join(files.directory, `${rule.alert}.test.yaml`);
      await writeFile(file, stringify(ruleTest(rule)));
      const { stdout } = await promtool('test', 'rules', file);
      expect(stdout).toContain('SUCCESS');
    },
  );

  it('would find an alert that does not fire', async () => {
    const [rule, other] = [rules[0], rules.at(-1)];
    if (rule === undefined || other === undefined) throw new Error('there are rules');
    const file = join(files.directory, 'wrong.test.yaml');
    await writeFile(file, stringify(ruleTest(rule, alertCases[other.alert])));
    await expect(promtool('test', 'rules', file)).rejects.toThrow();
  });

  function ruleTest(rule: (typeof rules)[number], given = alertCases[rule.alert]): object {
    if (given === undefined) throw new Error(`there is no case for ${rule.alert}`);
    const { interval = INTERVAL } = given;
    return {
      rule_files: [files.alerts],
      evaluation_interval: interval,
      tests: [
        {
          interval,
          input_series: given.trouble,
          alert_rule_test: [
            { alertname: rule.alert, eval_time: given.silentAt, exp_alerts: [] },
            { alertname: rule.alert, eval_time: given.firesAt, exp_alerts: [expected(rule, given)] },
          ],
        },
        {
          interval,
          input_series: given.order,
          alert_rule_test: given.orderAt.map((time) => ({
            alertname: rule.alert,
            eval_time: time,
            exp_alerts: [],
          })),
        },
      ],
    };
  }
});

function expected(
  { labels, annotations }: (typeof rules)[number],
  { labels: own, value }: AlertCase,
): object {
  const summary = annotations.summary
    .replace('{{ $value }}', value ?? '')
    .replace('{{ $labels.instance }}', own['instance'] ?? '');
  return { exp_labels: { ...labels, ...own }, exp_annotations: { ...annotations, summary } };
}

function promtool(...args: readonly string[]) {
  return promisify(execFile)('promtool', args);
}
