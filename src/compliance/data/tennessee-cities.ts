/**
 * Total local sales tax (the county's included) of cities in Tennessee.
 * A section names its source (tennessee-sources.ts); a line is
 * city, county | rate in ppm | in force since (empty: not recorded) | confidence | note.
 */
export const TENNESSEE_CITIES = `
[avalara]
Lakeland, Shelby|27500||low|total local incl. county
Millington, Shelby|27500||low|total local incl. county
Atoka, Tipton|27500||low|total local incl. county
Munford, Tipton|27500||low|total local incl. county
Dunlap, Sequatchie|27500||low|total local incl. county
Pegram, Cheatham|27500||low|total local incl. county
Sweetwater, Monroe|27500||low|total local incl. county
[audit]
Memphis, Shelby|27500||high|total local incl. county 225; combined 9.75%
Nashville, Davidson|27500|2025-02-01|high|combined 9.75% (was 9.25% before 2025-02-01)
Knoxville, Knox|22500||high|combined 9.25%
Chattanooga, Hamilton|22500||high|combined 9.25%
Clarksville, Montgomery|25000||high|combined 9.50%
Murfreesboro, Rutherford|27500||high|combined 9.75%
Johnson City, Washington|25000||high|ZIP 37604; the Carter County part is 275 per DOR list
Cleveland, Bradley|27500||high|
[handbook]
Oakland, Fayette|27500|2019-02-01|medium|county is 225
[sale-tax-and-avalara]
Bartlett, Shelby|27500||medium|total local incl. county 225
Collierville, Shelby|27500||medium|total local incl. county 225
Germantown, Shelby|27500||medium|total local incl. county 225
[handbook-and-avalara]
Kingsport, Sullivan|25000|2018-11-01|medium|
[sale-tax]
Brentwood, Williamson|27500||medium|
Franklin, Williamson|27500||medium|
Columbia, Maury|27500||medium|
Spring Hill, Maury|27500||medium|
Spring Hill, Williamson|27500||medium|
Cookeville, Putnam|27500||medium|
Gallatin, Sumner|22500||medium|
Hendersonville, Sumner|22500||medium|
Jackson, Madison|27500||medium|
La Vergne, Rutherford|27500||medium|
Smyrna, Rutherford|27500||medium|
Lebanon, Wilson|27500||medium|
Maryville, Blount|27500||medium|
Morristown, Hamblen|27500||medium|
Oak Ridge, Anderson|27500||medium|
Bristol, Sullivan|22500||medium|
[notice-24-11-before]
Nashville, Davidson|22500|1989-01-01|high|combined 9.25% until 2025-02-01
`;
