package it.snodo.certificate.web;

/** What the OpenAPI page shows; all persons are invented. */
final class CertificateExamples {

    static final String CERTIFICATE = """
            {"number": 977, "state": "VALIDO", "stage": "PUBLISHED", "sender": "CARTELLA|OSPEDALE",
             "documentNumber": "2026/000123", "documentId": "SN20260301ABCDEFGHJK", "setId": "SN20260301ABCDEFGHJK",
             "version": 1, "madeAt": "2026-03-01T10:15:00+01:00",
             "patient": {"id": "RSSMRA80A01L219M", "family": "ROSSI", "given": "MARIO"},
             "exemption": "048", "exemptionTitle": "Soggetti affetti da patologie neoplastiche maligne",
             "kind": "Malattie croniche", "diagnosis": "F002", "diagnosisShown": "000 - -",
             "validUntil": "2031-03-01", "signer": "VRDLGU60A01L219E", "used": false,
             "actions": ["ANNULLA", "RICHIEDI_ESENZIONE", "CREA_E_VALIDA"], "revision": 0}""";

    static final String PAGE = "{\"items\": [" + CERTIFICATE + "], \"next\": \"OTc3\"}";

    static final String PROVIDERS = """
            {"mode": "REMOTE", "items": [{"code": "SIM", "name": "Provider simulato", "otp": true,
             "deliveries": [{"code": "SMS", "name": "SMS al telefono registrato"}]}]}""";

    static final String OTP_ORDER = """
            {"provider": "SIM", "alias": "vrdlgu60a01l219e", "delivery": "SMS"}""";

    static final String OTP = """
            {"expiresAt": "2026-03-01T10:18:00+01:00", "words": "Il codice è stato inviato per SMS e vale tre minuti."}""";

    static final String SIGNATURE_ORDER = """
            {"provider": "SIM", "alias": "vrdlgu60a01l219e", "pin": "********", "otp": "******"}""";

    static final String ANNULMENT_ORDER = """
            {"confirm": true, "reason": "Intestato alla persona sbagliata"}""";

    static final String ANNULMENT = """
            {"certificateNumber": 977, "state": "FIRMATO", "documentId": "SN20260302KJHGFEDCBA",
             "annulledDocumentId": "SN20260301ABCDEFGHJK", "askedAt": "2026-03-02T09:00:00+01:00", "askedBy": "verdi",
             "signedAt": "2026-03-02T09:00:01+01:00", "words": "Certificato di malattia 977 annullato",
             "publications": [{"destination": "FSE", "action": "DELETE", "state": "DELIVERED"},
                              {"destination": "ROL", "action": "ANNULLAMENTO", "state": "WAITING"}]}""";

    static final String WRONG_STATE = """
            {"type": "https://snodo.it/errors/SNODO-2021", "title": "Stato del certificato non coerente", "status": 409, "code": "SNODO-2021",
             "detail": "Il certificato n. 977 è già firmato."}""";

    static final String CHANGED = """
            {"type": "https://snodo.it/errors/SNODO-7002", "title": "Contenuto cambiato nel frattempo", "status": 412, "code": "SNODO-7002",
             "detail": "Il certificato n. 977 è cambiato dopo la lettura: ora è nello stato ANNULLATO. Leggerlo di nuovo e decidere su quello."}""";

    private CertificateExamples() {}
}
