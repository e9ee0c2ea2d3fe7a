package it.snodo.intake.fhir;

import static it.snodo.fault.SnodoCode.FIELD_MALFORMED;
import static it.snodo.fault.SnodoCode.FIELD_MISSING;
import static it.snodo.fault.SnodoCode.MESSAGE_TYPE_UNKNOWN;
import static it.snodo.fault.SnodoCode.NOT_ALLOWED_TOGETHER;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Bundle.BundleEntryRequestComponent;
import org.hl7.fhir.r4.model.Bundle.HTTPVerb;
import org.hl7.fhir.r4.model.Composition;
import org.hl7.fhir.r4.model.MessageHeader;
import org.hl7.fhir.r4.model.Resource;

/** What the Bundle is: one certificate, and a request for nothing but to take it. */
final class BundleContents {

    private final BundleReading reading;
    private final Bundle bundle;
    private final String path;

    BundleContents(BundleReading reading) {
        this.reading = reading;
        this.bundle = reading.bundle();
        this.path = reading.path(bundle);
    }

    /** @return null when the Bundle carries no certificate */
    Composition composition() {
        List<Composition> all = reading.all(Composition.class);
        MessageHeader header = reading.header();
        if (bundle.getType() == Bundle.BundleType.MESSAGE && header == null) {
            reading.fault(
                    FIELD_MISSING,
                    "",
                    path + ".entry[0].resource",
                    "In un Bundle di tipo message la prima risorsa deve essere il MessageHeader.");
        }
        if (all.isEmpty()) {
            reading.fault(
                    MESSAGE_TYPE_UNKNOWN,
                    "",
                    path,
                    "Il Bundle non contiene una Composition: un certificato ne richiede una di tipo LOINC 11488-4.");
            return null;
        }
        Composition composition = focus(header, all.get(0));
        if (all.size() > 1) {
            reading.fault(
                    NOT_ALLOWED_TOGETHER,
                    "",
                    reading.path(all.get(1)),
                    "Il Bundle contiene " + all.size() + " Composition: inviare un certificato per volta.");
        }
        checkType(composition);
        return composition;
    }

    private Composition focus(MessageHeader header, Composition first) {
        if (header == null || !header.hasFocus()) {
            return first;
        }
        Optional<Resource> focus = reading.find(header, header.getFocusFirstRep());
        if (focus.isPresent() && focus.get() instanceof Composition focused) {
            return focused;
        }
        reading.fault(
                FIELD_MALFORMED,
                "",
                reading.path(header) + ".focus[0].reference",
                "MessageHeader.focus deve riferirsi alla Composition del certificato contenuta nel Bundle.");
        return first;
    }

    private void checkType(Composition composition) {
        boolean referto = composition.getType().getCoding().stream()
                .anyMatch(coding -> FhirNames.RSA.equals(coding.getCode())
                        && (!coding.hasSystem() || FhirNames.LOINC.equals(coding.getSystem())));
        if (!referto) {
            String said = composition.getType().hasCoding()
                    ? ", non «" + composition.getType().getCodingFirstRep().getCode() + "»."
                    : ".";
            reading.fault(
                    MESSAGE_TYPE_UNKNOWN,
                    "",
                    reading.path(composition) + ".type",
                    "Il tipo della Composition deve essere LOINC 11488-4 (referto di specialistica ambulatoriale)"
                            + said);
        }
    }

    /**
     * A transaction that asks for more than "take this certificate" would be half done.
     *
     * @return whether the Composition is to be created only where there is none of that number
     */
    boolean checkRequests(Composition composition) {
        boolean ifNoneExist = false;
        if (bundle.getType() != Bundle.BundleType.TRANSACTION) {
            return ifNoneExist;
        }
        for (int i = 0; i < bundle.getEntry().size(); i++) {
            BundleEntryRequestComponent request = bundle.getEntry().get(i).getRequest();
            String at = path + ".entry[" + i + "].request";
            if (request.getMethod() == null) {
                reading.fault(
                        FIELD_MISSING,
                        "",
                        at + ".method",
                        "In una transazione ogni entry deve avere request.method: manca nella numero " + (i + 1) + ".");
            } else if (request.getMethod() != HTTPVerb.POST && request.getMethod() != HTTPVerb.PUT) {
                reading.fault(
                        FIELD_MALFORMED,
                        "",
                        at + ".method",
                        "Una transazione con un certificato può solo creare (POST o PUT), non "
                                + request.getMethod().toCode() + ".");
            }
            if (bundle.getEntry().get(i).getResource() == composition && request.getIfNoneExist() != null) {
                ifNoneExist = true;
                checkIfNoneExist(composition, request.getIfNoneExist(), at + ".ifNoneExist");
            }
        }
        return ifNoneExist;
    }

    private void checkIfNoneExist(Composition composition, String query, String at) {
        String value = composition.getIdentifier().getValue();
        String decoded;
        try {
            decoded = URLDecoder.decode(query, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            decoded = query;
        }
        int name = decoded.indexOf("identifier=");
        String asked = name < 0 ? null : decoded.substring(name + "identifier=".length());
        if (asked == null || value == null || !(asked.equals(value) || asked.endsWith("|" + value))) {
            reading.fault(
                    NOT_ALLOWED_TOGETHER,
                    "documentNumber",
                    at,
                    "ifNoneExist può chiedere solo identifier=sistema|valore della stessa Composition.");
        }
    }
}
