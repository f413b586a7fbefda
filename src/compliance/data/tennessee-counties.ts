/**
 * Local-option sales tax of Tennessee's 95 counties.
 * A section names its source (tennessee-sources.ts); a line is
 * county | rate in ppm | in force since (empty: not recorded) | confidence | note.
 */
export const TENNESSEE_COUNTIES = `
[dor-list]
Anderson|27500|2006-07-01|medium|also equal in Avalara 2018-04
Bedford|27500|2001-08-01|medium|also equal in Avalara 2018-04
Benton|27500|1997-01-01|medium|also equal in Avalara 2018-04
Bledsoe|22500|1989-01-01|medium|also equal in Avalara 2018-04
Blount|27500|2014-07-01|medium|also equal in Avalara 2018-04
Claiborne|22500|1989-01-01|medium|also equal in Avalara 2018-04
Clay|27500|1999-11-01|medium|also equal in Avalara 2018-04
Cocke|27500|1989-01-01|medium|also equal in Avalara 2018-04
Coffee|27500|2007-04-01|medium|also equal in Avalara 2018-04
Crockett|27500|1996-06-01|medium|also equal in Avalara 2018-04
Cumberland|27500|1999-09-01|medium|also equal in Avalara 2018-04
[audit-and-list]
Bradley|27500|2009-07-01|high|Cleveland 9.75% combined
[avalara]
Campbell|22500||low|
Cannon|17500||low|
Carroll|27500||low|
Carter|27500||low|
Cheatham|22500||low|
Chester|27500||low|
DeKalb|27500||low|
Decatur|25000||low|
Dickson|27500||low|
Dyer|27500||low|
Fayette|22500||low|
Fentress|25000||low|
Franklin|22500||low|
Gibson|27500||low|
Giles|25000||low|
Grainger|27500||low|
Greene|27500||low|
Grundy|22500||low|
Hamblen|27500||low|
Hancock|20000||low|
Hardeman|27500||low|
Hardin|27500||low|
Hawkins|27500||low|
Haywood|27500||low|
Henderson|27500||low|
Henry|27500||low|
Hickman|27500||low|
Houston|27500||low|
Humphreys|27500||low|
Jackson|27500||low|
Jefferson|27500||low|
Johnson|15000||low|
Lake|27500||low|
Lauderdale|27500||low|
Lawrence|27500||low|
Lincoln|25000||low|
Loudon|20000||low|
Madison|27500||low|
Marion|27500||low|
Marshall|22500||low|
Maury|22500||conflict|Avalara 2018-04 says 225; sale-tax.com (2021-01) shows main city (Lebanon / Columbia, Spring Hill) at 9.75% combined; verify county rate
McMinn|20000||low|
McNairy|22500||low|
Meigs|20000||low|
Monroe|22500||low|
Moore|25000||low|
Morgan|20000||low|
Obion|27500||low|
Overton|25000||low|
Perry|25000||low|
Pickett|27500||low|
Polk|22500||low|
Putnam|27500||low|
Rhea|27500||low|
Roane|25000||low|
Robertson|27500||low|
Scott|22500||low|
Sevier|27500||low|
Smith|27500||conflict|Avalara 2018-04 says 275; salestaxhandbook 2019 page says lowered to 9.00% combined (200) in 2019-02; verify
Stewart|22500||low|
Sumner|22500||low|
Tipton|22500||low|
Trousdale|22500||low|
Unicoi|27500||low|
Union|22500||low|
Van Buren|27500||low|
Warren|27500||low|
Washington|25000||low|
Wayne|27500||low|
Weakley|27500||low|
White|22500||low|
Wilson|22500||conflict|Avalara 2018-04 says 225; sale-tax.com (2021-01) shows main city (Lebanon / Columbia, Spring Hill) at 9.75% combined; verify county rate
[notice-24-11]
Davidson|27500|2025-02-01|high|225 local option (since 1989-01) + 50 IMPROVE Act transit surcharge; county-wide incl. Berry Hill, Goodlettsville (Davidson part), Belle Meade
[audit]
Hamilton|22500||high|
Knox|22500||high|
Montgomery|25000||high|Clarksville 9.50% combined
Rutherford|27500||high|Murfreesboro 9.75% combined
Shelby|22500||high|county option 225; Memphis and suburban cities add 50 (see city rows)
[lewis-notice]
Lewis|27500|2022-11-01|high|was 250 in Avalara 2018-04
[handbook]
Macon|27500|2018-11-01|medium|was 225 in Avalara 2018-04
[sst]
Sullivan|22500||medium|
Williamson|27500||medium|
[avalara-dunlap]
Sequatchie|22500||conflict|gstlookup.com (undated) shows Sequatchie 9.75% combined (275); verify
[notice-24-11-before]
Davidson|22500|1989-01-01|high|in force until the transit surcharge of 2025-02-01
`;
