import type { RowConfidence, Treatment } from '../domain/rules.js';

export interface TreatmentEntry {
  readonly state: string;
  readonly treatment: Treatment;
  readonly confidence: RowConfidence;
  readonly effectiveFrom: string | null;
  readonly asOf: string | null;
  readonly source: string;
  readonly note: string;
}

/** What states do with admissions. A state that is absent has not been looked into. */
export const ADMISSION_TREATMENTS: readonly TreatmentEntry[] = [
  {
    state: 'TN',
    treatment: 'taxable',
    confidence: 'high',
    effectiveFrom: null,
    asOf: '2025-01-01',
    source:
      'https://revenue.support.tn.gov/hc/en-us/articles/36052828722068-SUT-185-Remitting-Sales-Tax-on-Event-Ticket-Sales',
    note: 'state 7% + local rate of the EVENT jurisdiction; due by ticket SALE date',
  },
  {
    state: 'CA',
    treatment: 'not_taxed',
    confidence: 'medium',
    effectiveFrom: null,
    asOf: '2014-01-01',
    source: 'https://www.bna.com/sales-tax-slice-b17179891619/ ; vertexinc.com curtain-call',
    note: 'admission charges are not sales of tangible property',
  },
  {
    state: 'MA',
    treatment: 'not_taxed',
    confidence: 'medium',
    effectiveFrom: null,
    asOf: null,
    source: 'https://theinfohive.com/revenue/?post=taxing-festivals-...',
    note: 'no sales tax on admission tickets',
  },
  {
    state: 'NY',
    treatment: 'taxable_with_exemption',
    confidence: 'medium',
    effectiveFrom: null,
    asOf: '2019-01-01',
    source: 'https://www.johnsoncpatax.com/sales-tax-admission-charges-to-a-place-of-amusement/',
    note: '4% + local at place of amusement; live dramatic, choreographic, musical arts performances and live circus not taxed',
  },
  {
    state: 'SC',
    treatment: 'separate_tax',
    confidence: 'medium',
    effectiveFrom: null,
    asOf: '2014-01-01',
    source: 'https://www.bna.com/sales-tax-slice-b17179891619/',
    note: 'no sales tax; separate state admissions tax on places of amusement (rate not sourced)',
  },
  {
    state: 'NC',
    treatment: 'taxable',
    confidence: 'medium',
    effectiveFrom: '2014-01-01',
    asOf: '2014-01-01',
    source: 'https://www.bna.com/sales-tax-slice-b17179891619/',
    note: 'admission charges to entertainment activities taxable from 2014',
  },
  {
    state: 'CT',
    treatment: 'separate_tax',
    confidence: 'low',
    effectiveFrom: null,
    asOf: '2014-01-01',
    source: 'https://www.bna.com/sales-tax-slice-b17179891619/',
    note: 'admissions tax with named-venue exemptions (rate not sourced)',
  },
  {
    state: 'TX',
    treatment: 'taxable_with_exemption',
    confidence: 'low',
    effectiveFrom: null,
    asOf: null,
    source: 'https://theinfohive.com/revenue/?post=taxing-festivals-...',
    note: '501(c)(3) festivals exempt',
  },
  {
    state: 'WI',
    treatment: 'taxable',
    confidence: 'low',
    effectiveFrom: null,
    asOf: null,
    source: 'https://theinfohive.com/revenue/?post=taxing-festivals-...',
    note: 'sales tax on festival admissions',
  },
  {
    state: 'IL',
    treatment: 'conflict',
    confidence: 'low',
    effectiveFrom: null,
    asOf: null,
    source:
      'https://www.vertexinc.com/resources/resource-library/curtain-call-theatrical-exemptions',
    note: 'Vertex: no state tax on cultural admissions; theinfohive: taxed; Chicago has its own amusement tax',
  },
  {
    state: 'SD',
    treatment: 'taxable_plus_local',
    confidence: 'medium',
    effectiveFrom: null,
    asOf: '2026-01-01',
    source: 'open-sales-tax src/opensalestax/states/south_dakota.py',
    note: 'municipal special tax up to 1% on ticket admissions (SDCL 10-52A-2) on top of general tax',
  },
  {
    state: 'WY',
    treatment: 'taxable',
    confidence: 'medium',
    effectiveFrom: null,
    asOf: '2026-01-01',
    source: 'open-sales-tax specs/research/references.md (39-15-103)',
    note: 'admissions to places of amusement are enumerated',
  },
  {
    state: 'MN',
    treatment: 'taxable',
    confidence: 'high',
    effectiveFrom: null,
    asOf: '2021-01-01',
    source: 'https://www.revenue.state.mn.us/guide/admissions-and-amusement-devices-industry-guide',
    note: 'admissions taxable; collegiate seat-right exemption since 2021-07-01',
  },
  {
    state: 'FL',
    treatment: 'taxable_with_exemption',
    confidence: 'medium',
    effectiveFrom: null,
    asOf: '2021-01-01',
    source: 'cloud-dev.avlr.net blog 2021/06 georgia-and-florida',
    note: 'admissions taxable (temporary exemptions 2021)',
  },
  {
    state: 'GA',
    treatment: 'taxable_with_exemption',
    confidence: 'medium',
    effectiveFrom: null,
    asOf: '2021-01-01',
    source: 'cloud-dev.avlr.net blog 2021/06 georgia-and-florida',
    note: 'taxable; fine-arts exemption ran 2021-07-01..2022-12-31',
  },
];
