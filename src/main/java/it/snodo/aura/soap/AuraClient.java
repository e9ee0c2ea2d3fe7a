package it.snodo.aura.soap;

import it.snodo.aura.Aura;
import it.snodo.aura.AuraUnavailable;
import it.snodo.aura.PatientProfile;
import it.snodo.aura.ProfileRead;
import it.snodo.fault.SnodoCode;
import it.snodo.messages.CallOut;
import it.snodo.publication.HttpChannel;
import it.snodo.registry.CodeTables;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.cxf.Bus;
import org.apache.cxf.bus.CXFBusFactory;

/**
 * AURA over SOAP (aura-rol.md §1). CXF is set up at the first call and not at the start of the hub. Two conventions of success
 * live side by side at AURA, {@code OK} and {@code 1}.
 */
final class AuraClient implements Aura {

    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("dd/MM/uuuu");
    private static final String NOT_FOUND = "E0010";
    /** Where an identity that was merged into another was merged again; more than a few is a mistake of AURA's. */
    private static final int MOST_MERGERS = 10;
    /** One codice fiscale may have as many profiles, of which one is in force. */
    private static final int MOST_PROFILES = 5;

    private final AuraProperties properties;
    private final Supplier<HttpChannel> http;
    private final Consumer<CallOut> journal;
    private final CodeTables tables;
    private final Consumer<ProfileRead> readers;
    private final Map<String, SoapService> services = new ConcurrentHashMap<>();
    private Bus bus;
    private HttpChannel channel;

    /** @param readers told of each profile that was read by codice fiscale */
    AuraClient(
            AuraProperties properties,
            Supplier<HttpChannel> http,
            Consumer<CallOut> journal,
            CodeTables tables,
            Consumer<ProfileRead> readers) {
        this.properties = properties;
        this.http = http;
        this.journal = journal;
        this.tables = tables;
        this.readers = readers;
    }

    // --- services ----------------------------------------------------------------------------------------------

    private SoapService find() {
        return service("AnagrafeFind", "FindProfiliAnagrafici", properties.find(), "find");
    }

    private SoapService profiles() {
        String operation = properties.newProfile() ? "GetProfiloSanitarioNew" : "GetProfiloSanitario";
        return service("AnagrafeSanitaria", operation, properties.profile(), "profile");
    }

    private SoapService exemptions() {
        return service("EsenzionePatologia", "esenzionePatologia", properties.exemption(), "exemption");
    }

    private SoapService service(String name, String operation, AuraProperties.Service own, String setting) {
        SoapService known = services.get(name);
        if (known != null) {
            return known;
        }
        AuraProperties.Service settings = properties.of(own, name);
        if (settings.url() == null || settings.user() == null || settings.password() == null) {
            throw new AuraUnavailable(
                    SnodoCode.AURA_NOT_CONFIGURED,
                    "AURA non è configurata: per %s mancano snodo.aura.base-url (o snodo.aura.%s.url), user o password."
                            .formatted(name, setting),
                    false,
                    null);
        }
        synchronized (this) {
            if (bus == null) {
                bus = new CXFBusFactory().createBus();
                channel = http.get();
            }
            return services.computeIfAbsent(
                    name, key -> new SoapService(bus, key, operation, settings, channel, journal));
        }
    }

    // --- persons -----------------------------------------------------------------------------------------------

    @Override
    public List<Found> find(String fiscalCode) {
        return found(find().request().in("profiliRequest").put("codiceFiscale", fiscalCode.toUpperCase(Locale.ROOT)));
    }

    @Override
    public List<Found> find(String family, String given, LocalDate birthDate) {
        return found(find().request()
                .in("profiliRequest")
                .put("cognome", family.toUpperCase(Locale.ROOT))
                .put("nome", given == null ? null : given.toUpperCase(Locale.ROOT))
                .put("dataNascita", birthDate == null ? null : birthDate.toString()));
    }

    private List<Found> found(SoapService.Request request) {
        Tree result = request.send();
        List<Found> found = new ArrayList<>();
        for (Tree one : result.all("datianagrafici")) {
            if (one.text("idProfiloAnagrafico") != null) {
                found.add(new Found(
                        one.text("idProfiloAnagrafico"),
                        one.text("codiceFiscale"),
                        one.text("cognome"),
                        one.text("nome"),
                        one.text("sesso"),
                        one.day("dataNascita"),
                        one.day("dataDecesso")));
            }
        }
        if (found.isEmpty()) {
            throwUnlessNotFound(result, "AnagrafeFind");
        }
        return found;
    }

    @Override
    public Optional<PatientProfile> profile(String fiscalCode) {
        Map<String, PatientProfile> inForce = new LinkedHashMap<>();
        find(fiscalCode).stream().limit(MOST_PROFILES).forEach(one -> profileOf(one.auraId())
                .ifPresent(
                        profile -> inForce.merge(profile.auraId(), profile, (a, b) -> a.mergedFrom() == null ? a : b)));
        Optional<PatientProfile> profile = inForce.values().stream()
                .min(Comparator.comparing((PatientProfile one) -> !one.active())
                        .thenComparing(one -> one.deathDate() != null));
        profile.ifPresent(known -> readers.accept(new ProfileRead(fiscalCode.toUpperCase(Locale.ROOT), known)));
        return profile;
    }

    @Override
    public Optional<PatientProfile> profileOf(String auraId) {
        List<String> way = new ArrayList<>(List.of(auraId));
        while (true) {
            String id = way.get(way.size() - 1);
            Tree result = profiles().request().put("AURAid", id).send();
            String into = result.at("header").text("idAuraRicondotto");
            if (into == null || into.equals(id) || into.equals("0") || into.equals("-1")) {
                return profile(result, id, way.size() == 1 ? null : auraId);
            }
            if (way.contains(into) || way.size() > MOST_MERGERS) {
                way.add(into);
                throw new AuraUnavailable(
                        SnodoCode.AURA_UNREADABLE,
                        "AURA riconduce le identità in circolo: " + String.join(", ", way) + ".",
                        false,
                        null);
            }
            way.add(into);
        }
    }

    private Optional<PatientProfile> profile(Tree result, String id, String mergedFrom) {
        Tree body = result.at("body");
        Tree person = body.at("infoAnag").at("datiPrimari");
        if (person.isEmpty()) {
            throwUnlessNotFound(result, "AnagrafeSanitaria");
            return Optional.empty();
        }
        Tree residence = body.at("infoAnag").at("residenza");
        Tree care = body.at("infoSan");
        String birthPlace = person.text("codComuneNascita");
        String birthState = person.text("codStatoNascita");
        return Optional.of(new PatientProfile(
                or(body.text("idAura"), id),
                mergedFrom,
                !"0".equals(person.text("statoProfiloAnagrafico")),
                upper(person.text("codiceFiscale")),
                person.text("cognome"),
                person.text("nome"),
                person.text("sesso"),
                person.day("dataNascita"),
                person.day("dataDecesso"),
                birthPlace == null && birthState != null ? "999" + birthState : birthPlace,
                or(person.text("descComuneNascita"), person.text("descStatoNascita")),
                address(residence),
                residence.text("codComune"),
                asl(care.text("aslResidenza")),
                asl(care.text("aslAssistenza")),
                care.text("codDistrettoResidenza"),
                or(care.text("descDistrettoResidenza"), care.text("distrettoResidenza")),
                upper(care.text("codiceFiscaleMedico")),
                joined(" ", care.text("cognomeMedico"), care.text("nomeMedico")),
                care.text("codiceTesseraTEAM"),
                body.all("infoesenzione").stream()
                        .filter(one -> one.text("codEsenzione") != null)
                        .map(this::exemption)
                        .toList()));
    }

    private PatientProfile.Exemption exemption(Tree one) {
        String code = upper(one.text("codEsenzione"));
        String diagnosis = upper(one.text("codDiagnosi"));
        return new PatientProfile.Exemption(
                tables.exemption(code).map(it.snodo.registry.Exemption::code).orElse(code),
                one.text("descEsenzione"),
                diagnosis == null || CodeTables.isFiller(diagnosis) ? null : diagnosis.replace(".", ""),
                one.text("diagnosi"),
                one.day("inizioValEsenzione"),
                one.day("fineValEsenzione"),
                one.text("fonte"));
    }

    private static String address(Tree residence) {
        return joined(
                ", ",
                joined(" ", residence.text("indirizzo"), residence.text("numCivico")),
                joined(" ", residence.text("cap"), residence.text("descComune")));
    }

    /** Six digits: three are a company of this region, Piemonte. */
    private static String asl(String code) {
        return code != null && code.matches("\\d{3}") ? "010" + code : code;
    }

    // --- exemptions --------------------------------------------------------------------------------------------

    @Override
    public Answer publish(Statement statement) {
        return tell(statement, statement.to(), null);
    }

    @Override
    public Answer annul(Statement statement, LocalDate on) {
        return tell(statement, on, on);
    }

    private Answer tell(Statement statement, LocalDate end, LocalDate annulled) {
        String diagnosis = statement.diagnosis();
        Tree result = exemptions()
                .request()
                .put("codiceFiscaleChiamante", statement.callerFiscalCode())
                .put("codiceFiscaleAssistito", statement.fiscalCode())
                .put("codiceEsenzione", statement.exemption())
                .put("dataInizioValidita", day(statement.from()))
                .put("dataFineValidita", day(end))
                .put("dataAnnullamento", day(annulled))
                .put(
                        "listaDiagnosi",
                        diagnosis == null || CodeTables.isFiller(diagnosis) ? "000" : diagnosis.replace(".", ""))
                .send();
        String outcome = result.at("header").text("codiceRitorno");
        if (outcome == null) {
            throw exemptions().unreadable("manca codiceRitorno", null);
        }
        Optional<Tree> message = messages(result).stream().findFirst();
        return new Answer(
                succeeded(outcome),
                message.map(one -> one.text("codice")).orElse(null),
                message.map(one -> joined(" ", one.text("descrizione"), one.text("note")))
                        .orElse(null));
    }

    /** dd/MM/yyyy; an empty text says "none". */
    private static String day(LocalDate day) {
        return day == null ? "" : DAY.format(day);
    }

    // --- answers -----------------------------------------------------------------------------------------------

    private static boolean succeeded(String outcome) {
        return "OK".equalsIgnoreCase(outcome) || "1".equals(outcome);
    }

    /** What AURA says in words: whatever has a code and a description, under the names that its services use. */
    private static List<Tree> messages(Tree result) {
        List<Tree> messages = new ArrayList<>();
        for (String list : List.of("listaMessaggi", "messages", "listaErrori")) {
            for (Tree one : result.all(list)) {
                messages.addAll(one.has("codice") ? List.of(one) : one.withChild("codice"));
            }
        }
        return messages;
    }

    /** Nothing was found: either AURA says so, or it says that something is wrong. */
    private static void throwUnlessNotFound(Tree result, String service) {
        List<Tree> messages = messages(result);
        boolean notFound = messages.stream().anyMatch(one -> NOT_FOUND.equals(one.text("codice")));
        String outcome = result.at("header").text("codiceRitorno");
        if (notFound || messages.isEmpty() && outcome != null && succeeded(outcome)) {
            return;
        }
        String words = messages.stream()
                .findFirst()
                .map(one -> joined(" ", one.text("codice"), one.text("descrizione")))
                .orElse("esito " + outcome);
        throw new AuraUnavailable(
                SnodoCode.AURA_FAULT, "AURA (" + service + ") segnala un errore proprio: " + words, true, null);
    }

    private static String or(String one, String other) {
        return one == null ? other : one;
    }

    private static String upper(String text) {
        return text == null ? null : text.toUpperCase(Locale.ROOT);
    }

    private static String joined(String between, String one, String other) {
        return one == null ? other : other == null ? one : one + between + other;
    }
}
