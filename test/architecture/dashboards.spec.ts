import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { type Metric, Histogram } from 'prom-client';
import { parse } from 'yaml';
import '../../src/app.module.js';
import { collectProcessMetrics, registry } from '../../src/kernel/observability/index.js';
import { type Exported, faultsOf } from '../support/promql.js';

interface Panel {
  readonly title: string;
  readonly datasource: { readonly uid: string };
  readonly targets: readonly { readonly expr: string }[];
}
interface Dashboard {
  readonly uid: string;
  readonly title: string;
  readonly panels: readonly Panel[];
}
interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string; readonly action: string };
}

const DOCKER = path.resolve('docker');
const FOLDER = path.join(DOCKER, 'grafana/dashboards');
const text = (file: string) => readFileSync(path.join(DOCKER, file), 'utf8');

const dashboards = readdirSync(FOLDER).map(
  (file) => JSON.parse(text(`grafana/dashboards/${file}`)) as Dashboard,
);
const { groups } = parse(text('prometheus/alerts.yaml')) as {
  readonly groups: readonly { readonly rules: readonly Rule[] }[];
};
const rules = groups.flatMap((group) => group.rules);

/** Every series that a process of the application shows, under the names that Prometheus keeps. */
function exportedSeries(): Exported {
  collectProcessMetrics();
  const series = new Map<string, ReadonlySet<string>>([['up', new Set()]]);
  for (const metric of registry.getMetricsAsArray() as unknown as Labelled[]) {
    const labels = new Set(metric.labelNames);
    if (metric instanceof Histogram) {
      series.set(`${metric.name}_bucket`, new Set([...labels, 'le']));
      series.set(`${metric.name}_sum`, labels).set(`${metric.name}_count`, labels);
    } else series.set(metric.name, labels);
  }
  return series;
}
type Labelled = Metric & { readonly name: string; readonly labelNames: readonly string[] };

const exported = exportedSeries();

describe('a query of a dashboard', () => {
  const queries = dashboards.flatMap(({ title, panels }) =>
    panels.flatMap((panel) => panel.targets.map(({ expr }) => [title, panel.title, expr] as const)),
  );

  it.each(queries)('%s, %s, names what the application exports: %s', (_, __, expr) => {
    expect(faultsOf(expr, exported)).toEqual([]);
  });
});

describe('an alert', () => {
  it.each(rules.map(({ alert, expr }) => [alert, expr]))(
    '%s names what the application exports: %s',
    (_, expr) => {
      expect(faultsOf(expr, exported)).toEqual([]);
    },
  );

  it.each(rules.map((rule) => [rule.alert, rule] as const))(
    '%s says how bad it is, what it means and what to do',
    (_, { labels, annotations }) => {
      expect(labels.severity).toMatch(/^(warning|critical)$/);
      expect(annotations.summary).toBeTruthy();
      expect(annotations.action).toBeTruthy();
    },
  );

  it.each(rules.map((rule) => [rule.alert, rule] as const))(
    '%s tells only labels that its query keeps',
    (_, { expr, annotations }) => {
      const told = [...annotations.summary.matchAll(/\$labels\.(\w+)/g)].map(([, label]) => label);
      const kept = [...expr.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, all = '']) =>
        all.split(', '),
      );
      // A query that does not aggregate keeps all.
      const expected = kept.length > 0 ? kept : ['instance', 'job'];
      expect(expected).toEqual(expect.arrayContaining(told));
    },
  );
});

describe('the five dashboards', () => {
  it('are told apart, and ask the data source that is provisioned', () => {
    expect(dashboards).toHaveLength(5);
    expect(new Set(dashboards.map(({ uid }) => uid)).size).toBe(5);
    const { datasources } = parse(text('grafana/provisioning/datasources/prometheus.yaml')) as {
      readonly datasources: readonly { readonly uid: string }[];
    };
    const uids = dashboards.flatMap(({ panels }) => panels.map(({ datasource }) => datasource.uid));
    expect([...new Set(uids)]).toEqual(datasources.map(({ uid }) => uid));
  });

  it('show every metric of our own in some panel', () => {
    const asked = dashboards
      .flatMap(({ panels }) => panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)))
      .join('\n');
    const own = (registry.getMetricsAsArray() as unknown as Labelled[])
      .map(({ name }) => name)
      .filter((name) => !/^(process|nodejs)_/.test(name) && !TWINS.has(name));
    expect(own.filter((name) => !asked.includes(name))).toEqual([]);
  });
});

/** The same measurements under the names of the other specification. */
const TWINS = new Set(['payment_amount', 'payment_duration_seconds']);

describe('the check', () => {
  it.each([
    ['a metric that nobody exports', 'rate(payments_made_total[5m])', 'payments_made_total'],
    ['a histogram without a suffix', 'rate(payment_amount_dollars[5m])', 'payment_amount_dollars'],
    ['a suffix of what is no histogram', 'open_items_count', 'open_items_count'],
    ['a label that the metric has not', 'payments_total{state="failed"}', 'no label state'],
    ['a grouping by no label', 'sum by (cause) (rate(payments_total[5m]))', 'label cause'],
    ['a second metric after an operator', 'up == 1 and gone_total > 0', 'gone_total'],
    ['an unknown function', 'rates(payments_total[5m])', 'rates'],
    ['a bracket left open', 'sum(rate(payments_total[5m])', 'missing )'],
    ['a matcher without quotes', 'payments_total{status=failed}', 'no matcher'],
    ['no metric at all', 'vector(1)', 'no metric'],
    ['something else', 'payments_total; DROP', 'not understood'],
  ])('finds %s', (_, query, fault) => {
    expect(faultsOf(query, exported).join()).toContain(fault);
  });

  it('lets pass what is right', () => {
    const query =
      'histogram_quantile(0.9, sum by (le, method) (rate(payment_processing_duration_seconds_bucket{job=~"a|b"}[5m]))) > bool 1e3';
    expect(faultsOf(query.replace('1e3', '1000'), exported)).toEqual([]);
  });
});
