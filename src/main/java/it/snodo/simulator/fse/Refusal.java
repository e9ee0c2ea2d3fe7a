package it.snodo.simulator.fse;

/** The gateway's own refusals: problem type, title, detail, instance and HTTP status as the recordings show them. */
final class Refusal extends RuntimeException {
    final int status;
    final String type;
    final String title;
    final String detail;
    final String instance;
    /** The {@code status} member of the body: null leaves it out, as some answers do. */
    final Integer bodyStatus;
    /** Whether the workflow id is never shown with it. */
    final boolean bare;

    private Refusal(
            int status, String type, String title, String detail, String instance, Integer bodyStatus, boolean bare) {
        super(detail, null, false, false);
        this.status = status;
        this.type = type;
        this.title = title;
        this.detail = detail;
        this.instance = instance;
        this.bodyStatus = bodyStatus;
        this.bare = bare;
    }

    static Refusal of(int status, String type, String title, String detail, String instance) {
        return new Refusal(status, type, title, detail, instance, status, false);
    }

    Refusal withBodyStatus(Integer shown) {
        return new Refusal(status, type, title, detail, instance, shown, bare);
    }

    private Refusal bare() {
        return new Refusal(status, type, title, detail, instance, bodyStatus, true);
    }

    static Refusal generic(int status, String detail) {
        return of(status, "/msg/generic-error", "Errore generico.", detail, "").bare();
    }

    static Refusal mandatory(String detail) {
        return of(400, "/msg/mandatory-element", "Campo obbligatorio non presente.", detail, "/request-missing-field");
    }

    static Refusal format(String detail) {
        return of(400, "/msg/invalid-format", "Formato campo non valido.", detail, "/request-invalid-date-format");
    }

    static Refusal mapping(String detail) {
        return of(400, "/msg/generic-error", "Errore generico.", detail, "/request-invalid-date-format");
    }

    static Refusal claimMissing(String claim) {
        return of(
                403,
                "/msg/jwt-validation",
                "Campo token JWT non valido.",
                "Il campo " + claim + " non è valorizzato",
                "/jwt-mandatory-field-missing");
    }

    static Refusal claim(String detail) {
        return claim(detail, "/jwt-mandatory-field-malformed");
    }

    static Refusal claim(String detail, String instance) {
        return of(403, "/msg/jwt-validation", "Campo token JWT non valido.", detail, instance);
    }

    static Refusal missingToken(int status) {
        return of(
                status,
                "/msg/missing-token",
                "Token non fornito.",
                "Attenzione il jwt fornito risulta essere vuoto",
                "/missing-jwt");
    }

    static Refusal unreadableToken(int status) {
        return of(
                status,
                "/msg/mandatory-element-token",
                "Token JWT non valido.",
                "Token JWT non valido.",
                "/jwt-mandatory-field-missing");
    }

    static Refusal documentId(String detail, String instance) {
        return of(400, "/msg/id-doc", "Campo id documento non valido", detail, instance);
    }

    static Refusal notPdf(int status) {
        return of(
                status, "/msg/document-type", "Il documento non è pdf.", "Il documento non è pdf.", "/multipart-file");
    }

    static Refusal emptyFile() {
        return of(400, "/msg/empty-file", "File vuoto.", "File vuoto.", "/empty-multipart-file");
    }

    static Refusal noCda(String what, String instance) {
        return of(
                400,
                "/msg/cda-element",
                "Errore in fase di estrazione del CDA.",
                "Error while extracting " + what + " from PDF document",
                instance);
    }

    static Refusal sign(String detail) {
        return of(400, "/msg/sign-error", "Sign error", detail, "/msg/sign-error");
    }

    static Refusal cdaMatch() {
        return of(
                400,
                "/msg/cda-match",
                "Errore in fase di recupero dell'esito della verifica.",
                "Il CDA non risulta validato",
                "/cda-validation");
    }

    static Refusal hash() {
        return of(400, "/msg/document-hash", "Verifica hash fallita.", "Verifica hash fallita.", "/jwt-hash-match");
    }

    static Refusal tooOld(long days) {
        return of(
                400,
                "/msg/max-day-limit-exceed",
                "Error: document exceeded the maximum period to be published.",
                "Error: cannot publish documents older than " + days + " days",
                "/msg/max-day-limit-exceed");
    }

    static Refusal notFound(String detail) {
        return of(404, "/err/resource", "Resource error", detail, "/not-found").bare();
    }

    static Refusal unknownToIndex() {
        return of(
                        404,
                        "/msg/record-not-found",
                        "Record non trovato.",
                        "IniException: Non è stato possibile recuperare i riferimenti con i dati forniti in input",
                        "")
                .bare();
    }

    static Refusal index(String detail) {
        return of(500, "/msg/ini-error", "Ini error.", detail, "/msg/ini-error").bare();
    }

    static Refusal timeout() {
        return of(504, "/msg/generic-timeout", "Generic timeout.", "Generic timeout.", "")
                .bare();
    }

    static Refusal connectionRefused() {
        return of(500, "/msg/connection-refused", "Connection refused", "Connection refused", "/msg/connection-refused")
                .bare();
    }
}
