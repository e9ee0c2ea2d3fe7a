package it.snodo.access;

import java.util.Set;

/**
 * The person or system at work behind the current call.
 *
 * @param name of the user or system, for audit and histories
 * @param roles without the prefix {@code ROLE_}: specialista, distretto, cup, assistenza, fse, ops
 * @param fiscalCode codice fiscale of the person; null when it is not known; {@code *} for a system that acts for all its
 *     people, which only configuration can say
 * @param asl six digits of the ASL in whose name it works, such as 010301; null when it is not known; {@code *} for all,
 *     which only configuration can say
 */
public record Operator(String name, Set<String> roles, String fiscalCode, String asl) {

    /** Stands for every person, or every ASL. */
    public static final String ALL = "*";

    public boolean has(String role) {
        return roles.contains(role);
    }

    /** Whether it may act as that person. */
    public boolean isOrActsFor(String personFiscalCode) {
        return ALL.equals(fiscalCode) || (fiscalCode != null && fiscalCode.equalsIgnoreCase(personFiscalCode));
    }

    /** Whether it works in the name of that ASL. */
    public boolean worksFor(String code) {
        return ALL.equals(asl) || (asl != null && asl.equals(code));
    }

    /** The only role that counts for pratiche and exemptions, the one with most rights first; null when there is none. */
    public String role() {
        return java.util.stream.Stream.of("distretto", "specialista", "assistenza", "ops", "cup", "fse")
                .filter(roles::contains)
                .findFirst()
                .orElse(null);
    }
}
