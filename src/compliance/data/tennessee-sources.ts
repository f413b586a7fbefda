export interface DataSource {
  /** The day the source was last checked or published; the first day where only a month is known. */
  readonly asOf: string;
  readonly source: string;
}

/** Where the rows of tennessee-counties.ts and tennessee-cities.ts come from, by section name. */
export const TENNESSEE_SOURCES: Readonly<Record<string, DataSource>> = {
  'dor-list': {
    asOf: '2020-11-01',
    source:
      'TN DOR "County and City Local Tax Rates" list, copy at uk.docsity.com/en/docs/.../8987282 (sister copy zbook.org marked "Revised November 2020")',
  },
  'audit-and-list': {
    asOf: '2026-07-22',
    source:
      'github.com/ejosterberg/open-sales-tax specs/audits/2026/07/state-audit-2026-07-22.md (live check against TN DOR structure) ; TN DOR "County and City Local Tax Rates" list, copy at uk.docsity.com/en/docs/.../8987282 (sister copy zbook.org marked "Revised November 2020")',
  },
  avalara: {
    asOf: '2018-04-01',
    source: 'Avalara TAXRATES_ZIP5_TN201804.csv in github.com/mikesparr/us-sales-tax-rates',
  },
  'notice-24-11': {
    asOf: '2026-07-22',
    source:
      'TN DOR Important Notice #24-11 (einpresswire.com/article/765917471; adamsandreese.com); re-checked github.com/ejosterberg/open-sales-tax specs/audits/2026/07/state-audit-2026-07-22.md (live check against TN DOR structure)',
  },
  audit: {
    asOf: '2026-07-22',
    source:
      'github.com/ejosterberg/open-sales-tax specs/audits/2026/07/state-audit-2026-07-22.md (live check against TN DOR structure)',
  },
  'lewis-notice': {
    asOf: '2022-11-01',
    source:
      'TN DOR reminder quoted by radio7media.com (article_999c8cf0-6359-11ed-b066-0bd99905006d)',
  },
  handbook: {
    asOf: '2019-02-01',
    source: 'salestaxhandbook.com/tennessee/sales-tax-changes (2019 page)',
  },
  sst: {
    asOf: '2026-01-01',
    source:
      'open-sales-tax tests/integration/test_sst_dor_validation.py (TN DOR 2026-Q1) and Avalara 2018-04',
  },
  'avalara-dunlap': {
    asOf: '2018-04-01',
    source:
      'Avalara TAXRATES_ZIP5_TN201804.csv in github.com/mikesparr/us-sales-tax-rates (only via the Dunlap row: county 225 + city 50)',
  },
  'sale-tax-and-avalara': {
    asOf: '2021-01-01',
    source: 'sale-tax.com/Tennessee (page dated 2021-01) ; Avalara 2018-04',
  },
  'handbook-and-avalara': {
    asOf: '2019-02-01',
    source: 'salestaxhandbook.com/tennessee/sales-tax-changes (2019 page) ; Avalara 2018-04',
  },
  'sale-tax': { asOf: '2021-01-01', source: 'sale-tax.com/Tennessee (page dated 2021-01)' },
  'notice-24-11-before': {
    asOf: '2026-07-22',
    source:
      'TN DOR Important Notice #24-11 (old and new rate); TN DOR "County and City Local Tax Rates" list, copy at uk.docsity.com/en/docs/.../8987282 (Davidson 2.25% since Jan-1989)',
  },
};
