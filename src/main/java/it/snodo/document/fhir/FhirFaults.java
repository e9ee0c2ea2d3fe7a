package it.snodo.document.fhir;

import ca.uhn.fhir.rest.server.exceptions.BaseServerResponseException;
import ca.uhn.fhir.rest.server.exceptions.UnclassifiedServerFailureException;
import it.snodo.fault.SnodoCode;
import it.snodo.fault.SnodoException;
import it.snodo.intake.fhir.OutcomeWriter;
import java.sql.SQLException;
import java.util.function.Supplier;

/** The hub's failures as HAPI's exceptions, that carry an OperationOutcome. */
public final class FhirFaults {

    private FhirFaults() {}

    /** Does the work; what it throws of ours becomes an answer with its status. */
    public static <T> T translate(Supplier<T> work) {
        try {
            return work.get();
        } catch (SnodoException e) {
            throw of(e.code(), e.getMessage());
        } catch (org.springframework.dao.DataAccessException e) {
            if (isOfTheCaller(e)) {
                throw of(
                        SnodoCode.REQUEST_INVALID,
                        "Un valore della richiesta non è ammesso: contiene il carattere NUL (codice 0) o è fuori misura.");
            }
            throw of(SnodoCode.STORE_UNAVAILABLE, SnodoCode.STORE_UNAVAILABLE.title() + ".");
        }
    }

    /** Class 22 of SQL's states, data exception: a value that no try will make better. */
    private static boolean isOfTheCaller(Throwable e) {
        for (Throwable at = e; at != null; at = at.getCause()) {
            if (at instanceof SQLException sql
                    && String.valueOf(sql.getSQLState()).startsWith("22")) {
                return true;
            }
        }
        return false;
    }

    private static BaseServerResponseException of(SnodoCode code, String reason) {
        return new UnclassifiedServerFailureException(code.httpStatus(), reason, OutcomeWriter.of(code, reason));
    }

    /** What is not there, or not for the caller to see. */
    public static SnodoException absent(String type, String id) {
        return new SnodoException(SnodoCode.NOT_FOUND, type + "/" + id + " non esiste o non è visibile.");
    }
}
