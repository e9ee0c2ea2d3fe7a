package it.snodo.booking.catalogue;

import java.util.List;

/**
 * A country with a convention on health care (R53), from {@code mappings/convention-countries.csv}.
 *
 * @param code ISTAT, three digits
 * @param names Italian, the usual one first
 */
public record ConventionCountry(String code, List<String> names) {

    public ConventionCountry {
        names = List.copyOf(names);
    }
}
