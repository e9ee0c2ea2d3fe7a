package it.snodo.certificate;

import static it.snodo.fault.SnodoCode.FIELD_MISSING;
import static it.snodo.fault.SnodoCode.IDENTIFIER_INVALID;

import it.snodo.fault.Fault;
import it.snodo.fault.SnodoCode;
import it.snodo.registry.InvalidIdentifierException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The faults found in one request: of each field only the first. */
final class Findings {

    private final boolean annulment;
    private final Map<String, Fault> byPath = new LinkedHashMap<>();

    /** @param annulment whether the request needs to say little, because the document that it annuls has said the rest */
    Findings(boolean annulment) {
        this.annulment = annulment;
    }

    boolean ofAnnulment() {
        return annulment;
    }

    void add(SnodoCode code, String path, String reason) {
        byPath.putIfAbsent(path, Fault.at(code, path, reason));
    }

    void missing(String path) {
        add(FIELD_MISSING, path, "Manca " + FieldNames.of(path) + ": è un dato obbligatorio.");
    }

    /** What every request says but an annulment, which may leave it to the document that it annuls. */
    void needed(String path) {
        if (!annulment) {
            missing(path);
        }
    }

    /** What a parser of identifiers refuses is a fault in its words. */
    void identifier(String path, Runnable parse) {
        try {
            parse.run();
        } catch (InvalidIdentifierException e) {
            add(IDENTIFIER_INVALID, path, e.getMessage());
        }
    }

    boolean has(String path) {
        return byPath.containsKey(path);
    }

    List<Fault> inOrder() {
        List<Fault> faults = new ArrayList<>(byPath.values());
        faults.sort(Comparator.comparingLong(fault -> FieldOrder.rank(fault.path())));
        return List.copyOf(faults);
    }
}
