package it.snodo.pratica.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.media.Schema;
import it.snodo.pratica.AttachmentKind;
import it.snodo.pratica.Attachments.Attachment;
import it.snodo.pratica.Move;
import it.snodo.pratica.Pratica;
import it.snodo.pratica.PraticaEvent;
import it.snodo.pratica.PraticaState;
import it.snodo.pratica.Pratiche;
import it.snodo.registry.Azienda;
import it.snodo.registry.CodeTables;
import it.snodo.registry.Diagnosis;
import it.snodo.registry.ExemptService;
import it.snodo.registry.Exemption;
import it.snodo.registry.Icd9;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** A pratica as its readers may see it. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(name = "Pratica")
record PraticaView(
        @Schema(example = "202601030100000007", description = "anno + codice ASL + progressivo")
        String number,

        @Schema(example = "010301") String asl,
        String aslName,
        String district,
        String districtName,
        PraticaState state,
        @Schema(example = "In lavorazione") String stateLabel,

        @Schema(description = "come l'intestazione della pagina", example = "RESPINTA - REQUISITI NON SUFFICIENTI")
        String banner,

        @Schema(example = "Respinta il 02/07/2026") String stateSince,
        @Schema(example = "Aggiornato al 02/07/2026") String updated,

        @Schema(example = "Pratica di esenzione per Malattie croniche")
        String title,

        PatientView patient,
        CompilerView compiler,
        CodeView exemption,
        @Schema(description = "000 se non c'è una diagnosi") CodeView diagnosis,

        @Schema(description = "numero del certificato; assente se la richiesta è di un cittadino")
        Long certificate,

        @Schema(description = "ultimo giorno di validità dell'esenzione")
        LocalDate end,

        @Schema(description = "true: senza fine") Boolean unlimited,
        @Schema(example = "Disponibile fino al 31/12/2026") String available,
        ReasonView reason,

        @Schema(description = "la vede il cittadino, se la richiesta è sua")
        String beneficiaryNote,

        @Schema(description = "la vedono solo il distretto dell'ASL e il medico che ha inviato la pratica")
        String internalNote,

        @Schema(description = "chi l'ha presa in carico") String takenBy,
        PublicationView publication,

        @Schema(description = "identificativo dell'esenzione rilasciata")
        Long exemptionId,

        @Schema(description = "un avviso da leggere prima di decidere")
        String notice,

        @Schema(description = "elenco delle prestazioni esenti; assente negli elenchi")
        ServicesView services,

        List<AttachmentView> attachments,

        @Schema(
                description = "indirizzi di ciò che le appartiene, per nome: history, certificate (il PDF firmato), e"
                        + " dell'esenzione rilasciata exemption, promemoria, attestato; assenti negli elenchi")
        Map<String, String> links,

        @Schema(description = "che cosa può fare ora chi legge")
        List<Move> actions,

        @Schema(description = "la revisione, la stessa dell'ETag")
        int revision,

        OffsetDateTime createdAt,
        OffsetDateTime updatedAt,

        @Schema(description = "l'esito dell'operazione, per chi l'ha fatta")
        String message) {

    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("dd/MM/uuuu");

    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Schema(name = "PraticaPatient")
    record PatientView(
            String fiscalCode, String family, String given, LocalDate birthDate, String sex, String auraId) {}

    /** @param kind MEDICO, UTENTE or DELEGATO */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Schema(name = "PraticaCompiler")
    record CompilerView(Pratica.Compiler.Kind kind, String fiscalCode, String name) {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Schema(name = "PraticaCode")
    record CodeView(String code, String title, String group) {}

    @Schema(name = "PraticaReason")
    record ReasonView(String code, String label) {}

    /** What AURA was asked last. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Schema(name = "PraticaPublication")
    record PublicationView(
            @Schema(description = "VALIDA o ANNULLA") String action,
            Pratica.Publication.Outcome state,
            String code,
            String words) {}

    @Schema(name = "PraticaAttachment")
    record AttachmentView(
            long id, String name, AttachmentKind kind, int size, OffsetDateTime addedAt, String addedBy, String href) {

        static AttachmentView of(Attachment attachment) {
            return new AttachmentView(
                    attachment.id(),
                    attachment.name(),
                    attachment.kind(),
                    attachment.size(),
                    attachment.addedAt(),
                    attachment.addedBy(),
                    "/api/v1/pratiche/" + attachment.pratica() + "/attachments/" + attachment.id());
        }
    }

    /** "Elenco prestazioni esenti". */
    @Schema(name = "PraticaServices")
    record ServicesView(int count, List<ServiceView> items) {}

    /** @param code dotted; null when the row is a sentence that stands for many */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Schema(name = "PraticaService")
    record ServiceView(String code, String title, String note, boolean cyclic) {

        static ServiceView of(ExemptService one) {
            return new ServiceView(one.code(), one.title(), one.classNote(), one.cyclic());
        }
    }

    /** Who reads. */
    enum Reader {
        /** The district of the ASL, and the doctor who sent it: everything. */
        OPERATOR,
        /** The citizen, and documents for him: neither the internal note nor the reason of a rejection, nor who did what. */
        BENEFICIARY,
        /** Who runs the hub: that it exists and how it stands. */
        OPERATIONS
    }

    /** Makes views: codes in words. */
    @Component
    static class Maker {

        private final CodeTables tables;
        private final Pratiche pratiche;

        Maker(CodeTables tables, Pratiche pratiche) {
            this.tables = tables;
            this.pratiche = pratiche;
        }

        /** @param attachments null in lists */
        PraticaView view(
                Pratica pratica, Reader reader, List<Attachment> attachments, List<Move> actions, String message) {
            boolean operator = reader == Reader.OPERATOR;
            boolean content = reader != Reader.OPERATIONS;
            Optional<Exemption> exemption = tables.exemption(pratica.exemption());
            boolean ends = pratica.end() != null;
            return new PraticaView(
                    pratica.number(),
                    pratica.asl(),
                    tables.azienda(pratica.asl()).map(Azienda::name).orElse(null),
                    content ? pratica.district() : null,
                    content ? pratica.districtName() : null,
                    pratica.state(),
                    pratica.state().label(),
                    banner(pratica, operator),
                    pratica.state().label() + " il " + DAY.format(pratiche.stateSince(pratica)),
                    "Aggiornato al " + DAY.format(pratica.updatedAt()),
                    content
                            ? exemption
                                    .map(known -> "Pratica di esenzione per " + known.familyLabel())
                                    .orElse("Pratica di esenzione")
                            : null,
                    content ? patient(pratica.patient(), operator) : null,
                    content ? compiler(pratica.compiler()) : null,
                    content
                            ? new CodeView(
                                    pratica.exemption(),
                                    exemption.map(Exemption::title).orElse(null),
                                    exemption.map(Exemption::group).orElse(null))
                            : null,
                    content ? diagnosis(pratica.diagnosis()) : null,
                    content ? pratica.certificate() : null,
                    content ? pratica.end() : null,
                    content && (ends || pratica.unlimited()) ? pratica.unlimited() : null,
                    content && ends ? "Disponibile fino al " + DAY.format(pratica.end()) : null,
                    operator && pratica.reason() != null
                            ? new ReasonView(
                                    pratica.reason().name(), pratica.reason().label())
                            : null,
                    operator || content && noteIsHis(pratica) ? pratica.beneficiaryNote() : null,
                    operator ? pratica.internalNote() : null,
                    operator ? pratica.takenBy() : null,
                    publication(pratica, operator),
                    content ? pratica.exemptionId() : null,
                    operator ? notice(pratica) : null,
                    content && attachments != null ? services(pratica) : null,
                    attachments == null || !operator
                            ? null
                            : attachments.stream().map(AttachmentView::of).toList(),
                    attachments != null && operator ? links(pratica) : null,
                    operator ? actions : null,
                    pratica.revision(),
                    pratica.createdAt(),
                    pratica.updatedAt(),
                    message);
        }

        private ServicesView services(Pratica pratica) {
            List<ServiceView> items = tables
                    .exemptServices(
                            pratica.exemption(),
                            pratica.diagnosis(),
                            pratica.updatedAt().toLocalDate())
                    .stream()
                    .map(ServiceView::of)
                    .toList();
            return new ServicesView(items.size(), items);
        }

        private static Map<String, String> links(Pratica pratica) {
            String self = "/api/v1/pratiche/" + pratica.number();
            Map<String, String> links = new LinkedHashMap<>();
            links.put("self", self);
            links.put("history", self + "/history");
            if (pratica.certificate() != null) {
                links.put("certificate", self + "/certificate");
            }
            if (pratica.exemptionId() != null) {
                links.put("exemption", "/api/v1/exemptions/" + pratica.exemptionId());
            }
            if (pratica.state() == PraticaState.VALIDATA) {
                links.put("promemoria", "/api/v1/exemptions/" + pratica.exemptionId() + "/promemoria");
                links.put("attestato", "/api/v1/patients/" + pratica.patient().fiscalCode() + "/attestato");
            }
            return links;
        }

        /** The citizen reads the note of a request of his own, and not of one that his doctor sent. */
        static boolean noteIsHis(Pratica pratica) {
            return pratica.compiler().kind() != Pratica.Compiler.Kind.MEDICO;
        }

        private static PatientView patient(Pratica.Person person, boolean operator) {
            return new PatientView(
                    person.fiscalCode(),
                    person.family(),
                    person.given(),
                    person.birthDate(),
                    person.sex(),
                    operator ? person.auraId() : null);
        }

        private static CompilerView compiler(Pratica.Compiler compiler) {
            return new CompilerView(compiler.kind(), compiler.fiscalCode(), compiler.name());
        }

        private CodeView diagnosis(String code) {
            return code == null
                    ? new CodeView("000", "-", null)
                    : new CodeView(
                            code,
                            tables.diagnosis(Icd9.dotted(code))
                                    .map(Diagnosis::title)
                                    .orElse(null),
                            null);
        }

        private static String banner(Pratica pratica, boolean operator) {
            String state = pratica.state().label().toUpperCase(Locale.ROOT);
            return operator && pratica.reason() != null
                    ? state + " - " + pratica.reason().label().toUpperCase(Locale.ROOT)
                    : state;
        }

        private static PublicationView publication(Pratica pratica, boolean operator) {
            Pratica.Publication aura = pratica.aura();
            if (aura == null) {
                return null;
            }
            String words =
                    switch (aura.state()) {
                        case IN_ATTESA ->
                            "AURA non ha ancora risposto: "
                                    + ("VALIDA".equals(aura.action()) ? "la validazione" : "l'annullamento")
                                    + " si completa senza altri interventi.";
                        case COMPLETATA ->
                            "VALIDA".equals(aura.action())
                                    ? "L'esenzione è visibile su AURA."
                                    : "L'esenzione è terminata anche su AURA.";
                        // AURA's own words may tell of the person
                        case RIFIUTATA -> operator ? aura.words() : "Non accettata da AURA.";
                    };
            return new PublicationView(aura.action(), aura.state(), aura.code(), words);
        }

        private static String notice(Pratica pratica) {
            if (pratica.certificateAnnulledAt() == null && pratica.certificateReplacedBy() == null) {
                return null;
            }
            String withdrawn = "Il certificato n. " + pratica.certificate() + " è stato "
                    + (pratica.certificateAnnulledAt() != null
                            ? "annullato il " + DAY.format(pratica.certificateAnnulledAt())
                            : "sostituito dal n. " + pratica.certificateReplacedBy());
            if (pratica.state().open()) {
                return withdrawn + ": la pratica non si può validare.";
            }
            return pratica.state() == PraticaState.VALIDATA
                    ? withdrawn + ": verificare se l'esenzione deve essere annullata."
                    : withdrawn + ".";
        }
    }

    /** A line of the cronologia. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Schema(name = "PraticaHistoryLine")
    record EventView(
            OffsetDateTime at,

            @Schema(description = "codice fiscale, o nome del sistema")
            String user,

            @Schema(example = "OPERATORE_ASL_DISTRETTO") String role,
            PraticaState state,
            @Schema(example = "In lavorazione") String stateLabel,
            Move move,
            String beneficiaryNote,
            String internalNote,
            ReasonView reason,
            String words,
            int revision) {

        /** @param note whether the reader may see the note for the citizen */
        static EventView of(PraticaEvent event, boolean operator, boolean note) {
            return new EventView(
                    event.at(),
                    operator ? event.actor() : null,
                    event.role(),
                    event.state(),
                    event.state().label(),
                    event.move(),
                    note ? event.beneficiaryNote() : null,
                    operator ? event.internalNote() : null,
                    operator && event.reason() != null
                            ? new ReasonView(
                                    event.reason().name(), event.reason().label())
                            : null,
                    operator ? event.words() : null,
                    event.revision());
        }
    }
}
