package it.snodo.document;

import it.snodo.fault.SnodoCode;
import it.snodo.fault.SnodoException;
import java.util.Set;

/**
 * Who asks for documents, and as what.
 *
 * @param name of the user or system, for the audit
 * @param roles without the prefix {@code ROLE_}
 * @param fiscalCode of the person, when known; a specialist without one finds no document
 */
public record Caller(String name, Set<String> roles, String fiscalCode) {

    public static final String FSE = "fse";
    public static final String SPECIALIST = "specialista";
    public static final String OPERATIONS = "ops";
    private static final Set<String> READERS = Set.of(FSE, SPECIALIST, OPERATIONS);

    public boolean has(String role) {
        return roles.contains(role);
    }

    /** True for a system of doctors, that is told apart by configuration. */
    public boolean actsForAll() {
        return has(SPECIALIST) && "*".equals(fiscalCode);
    }

    /** Roles for the audit, in a fixed order. */
    public String role() {
        return String.join(",", roles.stream().sorted().toList());
    }

    /** @throws SnodoException NOT_ALLOWED when no role of the caller may read documents at all */
    public void mustBeReader() {
        if (roles.stream().noneMatch(READERS::contains)) {
            throw new SnodoException(
                    SnodoCode.NOT_ALLOWED, "I documenti si leggono con il ruolo fse, specialista o ops.");
        }
    }

    /** @throws SnodoException NOT_ALLOWED when the caller may see that documents exist but not what is in them */
    public void mustReadContent() {
        mustBeReader();
        if (!has(FSE) && !has(SPECIALIST)) {
            throw new SnodoException(
                    SnodoCode.NOT_ALLOWED, "Il contenuto dei documenti si legge con il ruolo fse o specialista.");
        }
    }
}
