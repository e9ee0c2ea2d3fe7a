package it.snodo.simulator.aura;

import it.snodo.simulator.wire.Answer;
import java.time.Clock;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import javax.xml.stream.XMLStreamException;

/** Writes what the registry knows of persons: found ones, and whole profiles. */
final class Profiles {
    private static final DateTimeFormatter MOMENT =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss").withZone(ZoneId.of("Europe/Rome"));

    private final Registry registry;
    private final Clock clock;

    Profiles(Registry registry, Clock clock) {
        this.registry = registry;
        this.clock = clock;
    }

    Answer found(List<Patient> found) {
        return Soap.result("AnagrafeFind", "FindProfiliAnagrafici", x -> {
            x.open("header")
                    .leaf("codiceRitorno", found.isEmpty() ? "KO" : "OK")
                    .close();
            x.open("body").open("elencoProfili");
            for (Patient p : found) {
                x.open("datianagrafici")
                        .leaf("idProfiloAnagrafico", p.id())
                        .leaf("codiceFiscale", p.fiscalCode())
                        .leaf("cognome", p.get("family"))
                        .leaf("nome", p.get("given"))
                        .leaf("sesso", p.get("sex"))
                        .leaf("dataNascita", p.moment("born"))
                        .leaf("codiceStatoNascita", p.or("birthState"))
                        .leaf("statoNascita", p.or("birthStateName"))
                        .leaf("comuneNascita", p.or("birthComuneName"))
                        .leaf("codiceComuneNascita", p.or("birthComune"))
                        .leaf("provinciaNascita", p.or("birthProvince"))
                        .leaf("dataDecesso", p.moment("died"))
                        .close();
            }
            x.close().close();
            if (found.isEmpty()) {
                message(x, "E0010", "Profilo non trovato", "note", "");
            }
        });
    }

    /** @param operation GetProfiloSanitario, or its newer form */
    Answer profile(String operation, String id) {
        Patient patient = registry.byId(id);
        if (patient == null) {
            return refused("AnagrafeSanitaria", operation, "E0010", "Profilo non trovato");
        }
        return Soap.result("AnagrafeSanitaria", operation, x -> {
            x.open("header")
                    .leaf("idAuraRicondotto", patient.or("mergedInto"))
                    .leaf("codiceRitorno", "OK")
                    .leaf("requestDateTime", MOMENT.format(clock.instant()))
                    .close();
            x.open("body").leaf("idAura", patient.id());
            x.open("infoAnag");
            person(x, patient);
            address(x, patient, "residenza");
            address(x, patient, "domicilio");
            x.close();
            care(x, patient);
            x.open("infoEsenzioni");
            int number = 0;
            for (Exemption exemption : registry.exemptionsOf(patient.fiscalCode())) {
                exemption(x, exemption, patient.id() + (++number));
            }
            x.close();
            x.close();
        });
    }

    /** An answer that something is wrong, in the form of the services about persons. */
    static Answer refused(String service, String operation, String code, String words) {
        return Soap.result(service, operation, x -> {
            x.open("header").leaf("codiceRitorno", "KO").close();
            message(x, code, words, "tipo", "E");
        });
    }

    private static void message(Soap.Xml x, String code, String words, String third, String value)
            throws XMLStreamException {
        x.open("footer").open("messages").open("messages");
        x.leaf("codice", code).leaf("descrizione", words).leaf(third, value);
        x.close().close().close();
    }

    private static void person(Soap.Xml x, Patient p) throws XMLStreamException {
        x.open("datiPrimari")
                .leaf("codCittadinanza", p.or("citizenship"))
                .leaf("codComuneNascita", p.or("birthComune"))
                .leaf("codStatoNascita", p.or("birthState"))
                .leaf("codiceFiscale", p.fiscalCode())
                .leaf("cognome", p.get("family"))
                .leaf("dataDecesso", p.moment("died"))
                .leaf("dataNascita", p.moment("born"))
                .leaf("descCittadinanza", p.or("citizenshipName"))
                .leaf("descComuneNascita", p.or("birthComuneName"))
                .leaf("descStatoNascita", p.or("birthStateName"))
                .leaf("nome", p.get("given"))
                .leaf("sesso", p.get("sex"))
                .leaf("siglaProvNascita", p.or("birthProvince"))
                .leaf("statoCodiceFiscale", "1")
                .leaf("statoProfiloAnagrafico", p.active() ? "1" : "0")
                .close();
    }

    private static void address(Soap.Xml x, Patient p, String name) throws XMLStreamException {
        x.open(name)
                .leaf("cap", p.or("cap"))
                .leaf("codComune", p.or("comune"))
                .leaf("codStato", "100")
                .leaf("descComune", p.or("comuneName"))
                .leaf("descStato", "ITALIA")
                .leaf("indirizzo", p.or("address"))
                .leaf("numCivico", p.or("number"))
                .leaf("statoResidenza", "1")
                .leaf("telefono", p.or("phone"))
                .close();
    }

    private static void care(Soap.Xml x, Patient p) throws XMLStreamException {
        x.open("infoSan")
                .leaf("aslAssistenza", p.or("aslCare"))
                .leaf("aslResidenza", p.or("aslResidence"))
                .leaf("aslDomicilio", p.or("aslResidence"))
                .leaf("codiceFiscaleMedico", p.or("doctor"))
                .leaf("cognomeMedico", p.or("doctorFamily"))
                .leaf("nomeMedico", p.or("doctorGiven"))
                .leaf("codRegionaleMedico", p.or("doctorCode"))
                .leaf("codiceTesseraTEAM", p.or("team"))
                .leaf("idProfiloSanitario", p.id())
                .leaf("codTipoProfiloSanitario", "01")
                .leaf("descTipoProfiloSanitario", "ASSISTITO")
                .leaf("codDistrettoDomicilio", p.or("district"))
                .leaf("descDistrettoDomicilio", p.or("districtName"))
                .leaf("codDistrettoResidenza", p.or("district"))
                .leaf("descDistrettoResidenza", p.or("districtName"))
                .close();
    }

    private static void exemption(Soap.Xml x, Exemption e, String id) throws XMLStreamException {
        x.open("infoesenzione")
                .leaf("codEsenzione", e.code())
                .leaf("descEsenzione", e.title().isEmpty() ? null : e.title())
                .leaf("codDiagnosi", e.diagnosis())
                .leaf("diagnosi", e.diagnosisTitle().isEmpty() ? null : e.diagnosisTitle())
                .leaf("inizioValEsenzione", e.from())
                .leaf("fineValEsenzione", e.to())
                .leaf("idEsenzione", id)
                .leaf("dataEmissione", e.from())
                .leaf("dataScadenza", e.to())
                .leaf("fonte", e.source())
                .close();
    }
}
