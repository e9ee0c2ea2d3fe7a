package it.snodo.booking.catalogue;

import java.util.regex.Pattern;

/**
 * How the codes of a class of exemptions are written (R75) and how much they cover (R72), from
 * {@code mappings/exemption-formats.csv}. The same class has several rows where its codes differ.
 *
 * @param type PATHOLOGY, RARE, INVALIDITY, PREGNANCY, ACCIDENT or OTHER; by age and income (R78) AGE_INCOME for classes 1
 *     and 2, INCOME 3, PENSION 4, UNEMPLOYED 5; of prevention (R79) MAMMOGRAPHY, PAP, COLONOSCOPY or PREVENTION
 * @param pattern the whole code, in capitals
 * @param general covers every service (total invalidity, age and income …); false: some of them (pathology, pregnancy …)
 */
public record ExemptionFormat(String type, Pattern pattern, boolean general) {

    public boolean fits(String code) {
        return pattern.matcher(code).matches();
    }
}
