/** Attribution: see NOTICE.md. */
export const STATES_SOURCE = {
  asOf: '2026-07-01',
  source:
    'https://github.com/SocratesTheProphet/us-sales-tax-rates-dataset v1.1.0 commit d93b401 (CC-BY-4.0; validated against state DORs 2026-07-01)',
} as const;

/**
 * General state sales tax; a change already enacted is a second line with its own date. A line is
 * code | name | rate in ppm | do local taxes vary? | in force since (empty: not recorded) | note.
 */
export const STATES = `
AL|Alabama|40000|varies||AL DOR
AK|Alaska|0|varies||no statewide tax; ~110 of 162 municipalities levy 1-7% local
AZ|Arizona|56000|varies||AZ DOR (TPT - seller privilege tax)
AR|Arkansas|65000|varies||AR DFA
CA|California|72500|varies||CA CDTFA (7.25% floor = 6% state + 1.25% mandatory uniform local; districts add 0.10-2.00%)
CO|Colorado|29000|varies||CO DOR (home-rule cities self-administer)
CT|Connecticut|63500|uniform||CT DRS (state-only; 7.75% luxury / 1% computer-services category rates exist)
DE|Delaware|0|uniform||no sales tax (seller-side gross receipts tax exists - not billable to buyers)
FL|Florida|60000|varies||FL DOR (county surtax has $5,000 single-item cap)
GA|Georgia|40000|varies||GA DOR
HI|Hawaii|40000|varies||HI DOTAX (GET on seller; county surcharge 0.5%; max pass-on 4.712%)
ID|Idaho|60000|varies||ID STC (locals only in resort cities/auditorium districts)
IL|Illinois|62500|varies||IL DOR (local changes Jan 1 / Jul 1)
IN|Indiana|70000|uniform||IN DOR (state-only)
IA|Iowa|60000|varies||IA DOR (1% LOST in most jurisdictions)
KS|Kansas|65000|varies||KS DOR
KY|Kentucky|60000|uniform||KY DOR (state-only)
LA|Louisiana|50000|varies|2025-01-01|LA DOR (5% since 2025-01-01, Act 11; parish/municipal locals substantial)
LA|Louisiana|47500|varies|2030-01-01|LA DOR (5% since 2025-01-01, Act 11; parish/municipal locals substantial)
ME|Maine|55000|uniform||ME MRS (state-only)
MD|Maryland|60000|uniform||MD Comptroller (state-only; category rates exist: 9% alcohol, 3% data/IT services)
MA|Massachusetts|62500|uniform||MA DOR (state-only for tangible goods; local option is meals/lodging only)
MI|Michigan|60000|uniform||MI Treasury (state-only)
MN|Minnesota|68750|varies||MN DOR (exactly 6.875%)
MS|Mississippi|70000|varies||MS DOR (locals: only Jackson +1%, Tupelo +0.25%)
MO|Missouri|42250|varies||MO DOR (exactly 4.225% = 3.0 GR + 1.0 Education + 0.125 Conservation + 0.10 Parks/Soils)
MT|Montana|0|uniform||no sales tax (resort-community taxes on lodging/prepared food only)
NE|Nebraska|55000|varies||NE DOR (Good Life District addresses: state rate 2.75% since 2024-07-01)
NV|Nevada|68500|varies||NV DOT (6.85% mandatory-minimum combined: 2.00 state + 2.60 LSST + 0.50 BCCRT + 1.75 SCCRT; county options on top)
NH|New Hampshire|0|uniform||no sales tax (8.5% meals & rentals is category-specific)
NJ|New Jersey|66250|uniform||NJ Treasury (exactly 6.625%, uniform statewide; UEZ/Salem County REDUCED rates exist for qualified sellers)
NM|New Mexico|48750|varies||NM TRD (GRT exactly 4.875%; rates change only each Jul 1 - re-verify annually)
NY|New York|40000|varies||NY DTF (locals + 0.375% MCTD surcharge in metro district)
NC|North Carolina|47500|varies||NC DOR (Mecklenburg Co. +1% local effective 2026-07-01)
ND|North Dakota|50000|varies||ND OTC
OH|Ohio|57500|varies||OH DOT (county/transit locals change quarterly)
OK|Oklahoma|45000|varies||OK TC (quarterly COPO rate charts)
OR|Oregon|0|uniform||no sales tax
PA|Pennsylvania|60000|varies||PA DOR (locals are exactly two: Allegheny +1%, Philadelphia +2%)
RI|Rhode Island|70000|uniform||RI DOT (state-only)
SC|South Carolina|60000|varies||SC DOR (voter-approved county local options)
SD|South Dakota|42000|varies||SD DOR (4.2% sunset intact - reverts 2027-07-01)
SD|South Dakota|45000|varies|2027-07-01|SD DOR (4.2% sunset intact - reverts 2027-07-01)
TN|Tennessee|70000|varies|2002-07-15|TN DOR (locals capped at 2.75%); 7% since 2002-07-15 (Bill No. 3110, 2002 Special Session)
TX|Texas|62500|varies||TX Comptroller (locals up to 2%; 8.25% max combined)
UT|Utah|61000|varies||UT TC (6.10% mandatory-minimum combined: 4.85 state + 1.00 local option + 0.25 county option; optional levies to ~9.05%)
VT|Vermont|60000|varies||VT DOT (1% local option where adopted)
VA|Virginia|53000|varies||VA TAX (5.3% floor = 4.3% state + 1.0% mandatory local; regional totals 6.0/6.3/7.0%)
WA|Washington|65000|varies||WA DOR (destination-based; locals updated quarterly)
WV|West Virginia|60000|varies||WV Tax Div (municipal add-ons all currently 1%)
WI|Wisconsin|50000|varies||WI DOR (counties +0.5%; Milwaukee Co. 0.9%; City of Milwaukee 2.0%)
WY|Wyoming|40000|varies||WY DOR (county options up to 2%)
DC|Washington, D.C.|65000|uniform|2025-10-01|6.5% effective 2025-10-01, 7.0% effective 2026-10-01 per DC OTR notice
DC|Washington, D.C.|70000|uniform|2026-10-01|6.5% effective 2025-10-01, 7.0% effective 2026-10-01 per DC OTR notice
`;
