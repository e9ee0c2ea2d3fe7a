package it.snodo.registry;

/** A state: three digits (ISTAT, 100 = Italy), ISO 3166 codes (null where there are none), Italian name. */
public record Country(String code, String iso2, String iso3, String name) {

    public boolean italy() {
        return code.equals("100");
    }
}
