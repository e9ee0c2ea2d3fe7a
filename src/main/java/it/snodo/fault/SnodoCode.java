package it.snodo.fault;

import static it.snodo.fault.Remedy.REPAIR;
import static it.snodo.fault.Remedy.RETRY;
import static it.snodo.fault.Remedy.STOP;

import java.util.Arrays;
import java.util.Optional;

/**
 * The one catalogue of failures. Every refusal, dead letter and log line names one of these; the page
 * {@code src/docs/errors.md} and the answers are made from it. Texts are for people in the region, in Italian.
 *
 * <p>Numbers: 1xxx message and transport, 2xxx content of a certificate, 3xxx document (CDA, PDF), 4xxx signature,
 * 5xxx publication, 6xxx access, 7xxx the work of operators (from 7100: pratiche, exemptions,
 * AURA), 8xxx bookings,
 * 9xxx the hub itself. A number is never reused.
 */
public enum SnodoCode {
    // --- 1xxx: message and transport -------------------------------------------------------------------------
    MESSAGE_UNREADABLE(
            1001,
            100,
            400,
            REPAIR,
            "Messaggio illeggibile",
            "I byte ricevuti non formano un messaggio dello standard atteso.",
            "Correggere la composizione del messaggio e inviarlo di nuovo."),
    MESSAGE_TYPE_UNKNOWN(
            1002,
            200,
            415,
            REPAIR,
            "Tipo di messaggio non gestito",
            "Il tipo di messaggio non è tra quelli che l'hub accetta.",
            "Inviare un certificato come MDM (T02, T10, T11) o ORU (R01), una prenotazione come SRM, una ricerca come SQM, una"
                    + " notifica come SIU."),
    EVENT_UNKNOWN(
            1003,
            201,
            415,
            REPAIR,
            "Evento non gestito",
            "L'evento del messaggio non è tra quelli che l'hub accetta.",
            "Inviare uno degli eventi gestiti: MDM T02, T10, T11; ORU R01; SRM S01, S02, S03, S04, S06; SQM S25; SIU da S12 a"
                    + " S17 e S26."),
    PROCESSING_ID_UNKNOWN(
            1004,
            202,
            400,
            REPAIR,
            "Processing id non gestito",
            "MSH-11 non contiene P, T o D.",
            "Valorizzare MSH-11 con P, T o D."),
    VERSION_UNKNOWN(
            1005,
            203,
            400,
            REPAIR,
            "Versione HL7 non gestita",
            "La versione dichiarata non è tra 2.3 e 2.6.",
            "Inviare il messaggio in versione 2.5."),
    CONTROL_ID_MISSING(
            1006,
            101,
            400,
            REPAIR,
            "Identificativo del messaggio assente",
            "Senza MSH-10 il messaggio non può essere riconosciuto né confermato.",
            "Valorizzare MSH-10 con un identificativo unico per il mittente."),
    DUPLICATE_OTHER_CONTENT(
            1007,
            205,
            409,
            STOP,
            "Identificativo già usato con altro contenuto",
            "Un messaggio diverso con lo stesso mittente e lo stesso identificativo è già stato ricevuto.",
            "Inviare il nuovo contenuto con un nuovo identificativo."),
    FRAME_TOO_LARGE(
            1008,
            104,
            413,
            REPAIR,
            "Messaggio troppo grande",
            "Il messaggio supera la dimensione massima configurata.",
            "Ridurre gli allegati o chiedere l'aumento del limite."),
    CHARSET_SWITCH(
            1009,
            103,
            400,
            REPAIR,
            "Cambio di set di caratteri non gestito",
            "MSH-20 chiede di cambiare set di caratteri all'interno del messaggio.",
            "Usare un solo set di caratteri per messaggio."),
    MESSAGE_TYPE_MISSING(
            1010,
            101,
            400,
            REPAIR,
            "Tipo di messaggio assente",
            "MSH-9 non dice di quale messaggio si tratta.",
            "Valorizzare MSH-9 con tipo, evento e struttura, per esempio MDM^T02^MDM_T02."),
    ENCODING_CHARACTERS_INVALID(
            1011,
            102,
            400,
            REPAIR,
            "Separatori non validi",
            "MSH-1 e MSH-2 non dichiarano cinque separatori diversi tra loro.",
            "Dichiarare i separatori consueti: MSH|^~\\&."),
    CONTINUATION_UNSUPPORTED(
            1012,
            100,
            400,
            REPAIR,
            "Messaggio spezzato in più parti",
            "MSH-14 dice che il messaggio continua in un altro: l'hub accetta solo messaggi interi.",
            "Inviare il messaggio intero, con MSH-14 vuoto."),
    SENDER_NOT_ALLOWED(
            1021,
            103,
            403,
            STOP,
            "Mittente non ammesso",
            "Chi è collegato non può inviare a nome dell'applicazione e della struttura indicate.",
            "Verificare MSH-3 e MSH-4, oppure aggiungere il sistema in mappings/peers.csv."),
    BODY_TOO_SLOW(
            1022,
            207,
            408,
            RETRY,
            "Invio troppo lento",
            "Il corpo della richiesta non è arrivato per intero nel tempo concesso.",
            "Inviare di nuovo la richiesta; verificare la linea."),

    // --- 2xxx: content of a certificate ----------------------------------------------------------------------
    FIELD_MISSING(
            2001,
            101,
            422,
            REPAIR,
            "Campo obbligatorio assente",
            "Un campo obbligatorio non è valorizzato.",
            "Valorizzare il campo indicato."),
    FIELD_MALFORMED(
            2002,
            102,
            422,
            REPAIR,
            "Formato del campo errato",
            "Il valore non ha il formato richiesto.",
            "Correggere il valore del campo indicato."),
    CODE_UNKNOWN(
            2003,
            103,
            422,
            REPAIR,
            "Codice non presente in tabella",
            "Il codice non si trova nella tabella di codifica in uso.",
            "Usare un codice ammesso. Se il codice è giusto, chiedere a chi gestisce l'hub di aggiungerlo alla tabella (mappings/)."),
    FIELD_TOO_LONG(
            2004,
            104,
            422,
            REPAIR,
            "Valore troppo lungo",
            "Il valore supera la lunghezza massima.",
            "Accorciare il valore del campo indicato."),
    IDENTIFIER_INVALID(
            2005,
            102,
            422,
            REPAIR,
            "Identificativo non valido",
            "L'identificativo non rispetta la struttura o il carattere di controllo.",
            "Verificare l'identificativo sul documento originale."),
    NOT_ALLOWED_TOGETHER(
            2006,
            207,
            422,
            REPAIR,
            "Valori incompatibili",
            "Due campi del messaggio si contraddicono.",
            "Correggere uno dei due valori che si contraddicono."),
    DOCUMENT_NUMBER_TAKEN(
            2007,
            205,
            409,
            STOP,
            "Numero di documento già usato",
            "Il mittente ha già inviato un documento con questo numero.",
            "Usare un nuovo numero, o inviare una sostituzione (T10)."),
    DOCUMENT_NOT_FOUND(
            2008,
            204,
            404,
            REPAIR,
            "Documento di riferimento inesistente",
            "Il documento da sostituire o annullare non risulta all'hub.",
            "Verificare il numero del documento di riferimento."),
    DOCUMENT_NOT_CURRENT(
            2009,
            204,
            409,
            STOP,
            "Documento di riferimento non più valido",
            "Il documento di riferimento è già stato sostituito o annullato.",
            "Riferirsi alla versione corrente del documento."),
    CODE_NOT_COHERENT(
            2010,
            103,
            422,
            REPAIR,
            "Codici non coerenti",
            "La diagnosi non è prevista per l'esenzione indicata.",
            "Verificare la coppia di esenzione e diagnosi. Se è giusta, chiedere a chi gestisce l'hub di aggiungerla alla tabella (mappings/)."),
    OTHER_PERSON(
            2011,
            207,
            422,
            REPAIR,
            "Persona diversa da quella del documento di riferimento",
            "La sostituzione o l'annullamento indica un'altra persona.",
            "Verificare il numero del documento e la persona; se il documento era intestato alla persona sbagliata,"
                    + " annullarlo e inviarne uno nuovo."),

    // --- 2021 to 2039: the life of a certificate -------------------------------------------------------------
    CERTIFICATE_STATE(
            2021,
            207,
            409,
            STOP,
            "Stato del certificato non coerente",
            "L'operazione non è possibile nello stato in cui si trova il certificato.",
            "Leggere di nuovo il certificato: actions dice che cosa si può fare ora."),
    SIGNATURE_IS_AUTOMATIC(
            2022,
            207,
            409,
            STOP,
            "La firma è automatica",
            "Questo hub firma i certificati da solo: il medico non firma con la propria credenziale.",
            "Non serve fare nulla; per la firma remota chi gestisce l'hub imposta snodo.signature.mode=remote."),
    ANNULMENT_NOT_CONFIRMED(
            2023,
            101,
            422,
            REPAIR,
            "Annullamento non confermato",
            "L'annullamento non si può disfare: va confermato.",
            "Ripetere la richiesta con confirm: true."),
    // --- 3xxx: document --------------------------------------------------------------------------------------
    TEMPLATE_FAILED(
            3001,
            207,
            500,
            REPAIR,
            "Modello di documento in errore",
            "La trasformazione in CDA non è riuscita.",
            "Correggere il modello in cda-templates/ e riprovare."),
    CDA_SCHEMA_INVALID(
            3002,
            207,
            422,
            REPAIR,
            "CDA non conforme allo schema",
            "Il documento prodotto non rispetta lo schema XSD del CDA R2.",
            "Correggere il modello o i dati e riprovare."),
    CDA_SCHEMATRON_INVALID(
            3003,
            207,
            422,
            REPAIR,
            "CDA non conforme al profilo RSA",
            "Il documento prodotto non supera il controllo Schematron.",
            "Correggere il modello o i dati e riprovare."),
    CDA_CODE_UNKNOWN(
            3004,
            207,
            422,
            REPAIR,
            "Codice del CDA non censito",
            "Il documento contiene un codice assente dalle tabelle.",
            "Correggere il codice o aggiornare le tabelle e riprovare."),
    PDF_FAILED(
            3005,
            207,
            500,
            REPAIR,
            "Produzione del PDF non riuscita",
            "Il PDF/A non è stato prodotto.",
            "Verificare il modello di pagina e i caratteri, poi riprovare."),

    // --- 4xxx: signature -------------------------------------------------------------------------------------
    SIGNATURE_FAILED(
            4001,
            207,
            502,
            RETRY,
            "Firma non riuscita",
            "Il servizio o il dispositivo di firma non ha risposto correttamente.",
            "L'hub riprova; verificare il servizio di firma se si ripete."),
    SIGNATURE_INVALID(
            4002,
            207,
            500,
            STOP,
            "Firma non valida",
            "La firma apposta non supera la verifica.",
            "Verificare il certificato di firma."),
    SIGNER_NOT_CONFIGURED(
            4003,
            207,
            503,
            REPAIR,
            "Firma non configurata",
            "Non è configurato alcun dispositivo di firma.",
            "Configurare snodo.signature.*."),
    SIGNATURE_PROVIDER_UNKNOWN(
            4010,
            207,
            422,
            REPAIR,
            "Fornitore di firma sconosciuto",
            "Il fornitore indicato non è tra quelli configurati, o non invia l'OTP nel modo chiesto.",
            "Scegliere uno dei fornitori elencati e uno dei suoi modi di invio."),
    SIGNATURE_PROVIDER_DOWN(
            4011,
            207,
            503,
            RETRY,
            "Fornitore di firma non raggiungibile",
            "Il fornitore di firma non risponde: nulla è stato firmato.",
            "Ripetere più tardi; PIN e OTP non sono ripetuti dall'hub."),
    SIGNATURE_ANSWER_LOST(
            4012,
            207,
            504,
            STOP,
            "Risposta del fornitore di firma perduta",
            "La richiesta è partita e la risposta non è arrivata: non si sa che cosa il fornitore abbia fatto.",
            "L'hub non la ripete da solo. Riprovare; se l'OTP non vale più, richiederne uno nuovo."),
    SIGNATURE_PIN_WRONG(
            4013,
            207,
            422,
            REPAIR,
            "PIN errato",
            "Il fornitore di firma non riconosce il PIN.",
            "Digitare di nuovo il PIN: dopo pochi errori il fornitore lo blocca."),
    SIGNATURE_OTP_WRONG(
            4014,
            207,
            422,
            REPAIR,
            "OTP errato",
            "Il fornitore di firma non riconosce l'OTP.",
            "Digitare di nuovo l'ultimo OTP ricevuto: dopo pochi errori il fornitore lo blocca."),
    SIGNATURE_OTP_EXPIRED(
            4015,
            207,
            422,
            REPAIR,
            "OTP scaduto",
            "L'OTP, o l'autorizzazione che ne è nata, non vale più.",
            "Richiedere un nuovo OTP."),
    SIGNATURE_PIN_LOCKED(
            4016,
            207,
            423,
            STOP,
            "PIN bloccato",
            "Il fornitore di firma ha bloccato il PIN.",
            "Non ripetere: sbloccare il PIN presso il fornitore."),
    SIGNATURE_OTP_LOCKED(
            4017,
            207,
            423,
            STOP,
            "OTP bloccato",
            "Il fornitore di firma ha bloccato l'OTP.",
            "Non ripetere: sbloccare l'OTP presso il fornitore."),
    SIGNATURE_CREDENTIAL_UNKNOWN(
            4018,
            207,
            422,
            REPAIR,
            "Credenziale di firma sconosciuta",
            "Il fornitore di firma non conosce l'alias.",
            "Verificare alias e fornitore."),
    SIGNATURE_CREDENTIAL_DISABLED(
            4019,
            207,
            422,
            STOP,
            "Credenziale di firma non utilizzabile",
            "La chiave o il certificato sono disabilitati, sospesi, revocati o incompleti.",
            "Rivolgersi al fornitore di firma."),
    SIGNATURE_CREDENTIAL_EXPIRED(
            4020,
            207,
            422,
            STOP,
            "Certificato di firma scaduto",
            "Il certificato di firma non è valido in questo momento.",
            "Rinnovare il certificato presso il fornitore di firma."),
    SIGNATURE_CREDENTIAL_OF_ANOTHER(
            4021,
            207,
            403,
            STOP,
            "Certificato di firma di un'altra persona",
            "Il codice fiscale nel certificato di firma non è quello del medico che deve firmare.",
            "Usare l'alias del medico che ha redatto il documento."),
    SIGNATURE_HASH_REFUSED(
            4022,
            207,
            502,
            REPAIR,
            "Impronta rifiutata dal fornitore di firma",
            "Il fornitore di firma non accetta l'impronta da firmare o il suo algoritmo.",
            "Verificare l'algoritmo configurato per il fornitore, poi richiedere un nuovo OTP."),
    SIGNATURE_PROVIDER_REFUSED(
            4023,
            207,
            502,
            REPAIR,
            "Rifiutato dal fornitore di firma",
            "Il fornitore di firma ha rifiutato la richiesta.",
            "Leggere la risposta del fornitore; verificare la configurazione se riguarda l'hub."),
    SIGNATURE_NOT_PREPARED(
            4024,
            207,
            409,
            REPAIR,
            "Firma non preparata",
            "Per questo documento, fornitore e alias non è stato richiesto un OTP.",
            "Richiedere l'OTP, poi firmare."),
    SIGNATURE_PREPARATION_CHANGED(
            4025,
            207,
            409,
            REPAIR,
            "Documento o certificato cambiati dopo la richiesta dell'OTP",
            "Ciò che si firmerebbe non è ciò che era stato preparato.",
            "Richiedere un nuovo OTP e firmare il documento di adesso."),
    SIGNATURE_OTP_TOO_SOON(
            4026,
            207,
            429,
            REPAIR,
            "OTP richiesto troppo presto",
            "Per questa credenziale un OTP è stato richiesto poco fa.",
            "Usare l'OTP già ricevuto, o attendere il tempo indicato."),
    SIGNATURE_SECRET_MISSING(
            4027,
            207,
            422,
            REPAIR,
            "PIN o OTP mancante",
            "La credenziale chiede un dato che non è stato inviato.",
            "Inviare PIN e OTP come chiesti dal fornitore."),
    SIGNATURE_EVIDENCE_MISSING(
            4028,
            207,
            503,
            RETRY,
            "Marca temporale o stato di revoca non disponibili",
            "Il livello di firma configurato chiede dati che i servizi esterni non hanno dato.",
            "Verificare snodo.signature.tsa.* e la raggiungibilità di OCSP e CRL: l'hub riprova da solo, e per una firma remota"
                    + " già fatta non serve un nuovo OTP."),
    SIGNATURE_UNDER_WAY(
            4029,
            207,
            409,
            REPAIR,
            "Firma già in corso",
            "Per questo documento un'altra richiesta di firma non è ancora finita.",
            "Attendere l'esito della richiesta in corso."),

    // --- 5xxx: publication -----------------------------------------------------------------------------------
    DESTINATION_UNREACHABLE(
            5001,
            207,
            503,
            RETRY,
            "Destinazione non raggiungibile",
            "La destinazione non risponde o ha chiuso la connessione.",
            "L'hub riprova da solo con attese crescenti."),
    DESTINATION_BUSY(
            5002,
            207,
            503,
            RETRY,
            "Destinazione sovraccarica",
            "La destinazione chiede di rallentare.",
            "L'hub riprova dopo il tempo indicato."),
    DESTINATION_ERROR(
            5003,
            207,
            502,
            RETRY,
            "Errore temporaneo della destinazione",
            "La destinazione ha risposto con un errore proprio.",
            "L'hub riprova da solo con attese crescenti."),
    DESTINATION_REFUSED(
            5004,
            207,
            422,
            REPAIR,
            "Rifiutato dalla destinazione",
            "La destinazione ha rifiutato il contenuto.",
            "Leggere la risposta, correggere e ripetere l'invio."),
    DESTINATION_NOT_AUTHORISED(
            5005,
            207,
            403,
            REPAIR,
            "Non autorizzato presso la destinazione",
            "La destinazione non accetta ciò che il token di questo invio dichiara (persona, struttura, ruolo).",
            "Verificare i dati indicati nella risposta e la configurazione di accesso."),
    DESTINATION_STOP(
            5006,
            207,
            409,
            STOP,
            "Invio fermato",
            "La destinazione ha una decisione definitiva che l'hub non deve ripetere.",
            "Valutare il caso e chiudere l'invio con un motivo."),
    VALIDATION_EXPIRED(
            5007,
            207,
            409,
            RETRY,
            "Validazione FSE scaduta",
            "Sono passati più di cinque giorni tra la validazione e la pubblicazione.",
            "L'hub valida di nuovo e ripubblica da solo."),
    VALIDATION_LOST(
            5008,
            207,
            409,
            RETRY,
            "Validazione FSE non più utilizzabile",
            "Il gateway non riconosce la validazione del documento.",
            "L'hub valida di nuovo e ripubblica da solo."),
    PUBLICATION_NOT_CONFIGURED(
            5009,
            207,
            503,
            RETRY,
            "Pubblicazione non configurata",
            "Mancano all'hub le chiavi o gli indirizzi per parlare con la destinazione.",
            "Completare snodo.fse.* o snodo.rol.*: gli invii in attesa ripartono da soli."),
    DOCUMENT_UNKNOWN_THERE(
            5010,
            207,
            404,
            REPAIR,
            "Documento sconosciuto alla destinazione",
            "La destinazione non conosce il documento da sostituire, aggiornare o annullare.",
            "Verificare che il documento sia stato pubblicato, poi ripetere l'invio."),
    DOCUMENT_TOO_LARGE(
            5011,
            207,
            413,
            REPAIR,
            "Documento troppo grande per la destinazione",
            "Il PDF supera la dimensione ammessa dalla destinazione.",
            "Ridurre il documento: il limite del gateway FSE è 5 MB."),
    OUTCOME_UNKNOWN(
            5012,
            207,
            504,
            RETRY,
            "Esito dell'invio sconosciuto",
            "La risposta è andata persa: la destinazione può aver ricevuto il documento.",
            "L'hub chiede l'esito e riprova da solo senza pubblicare due volte."),
    INDEX_REFUSED(
            5013,
            207,
            422,
            REPAIR,
            "Rifiutato dall'indice nazionale",
            "Il gateway ha preso in carico il documento ma l'indice (INI) lo ha rifiutato.",
            "Leggere il codice R della risposta, correggere i metadati e ripetere l'invio."),
    DESTINATION_TLS(
            5014,
            207,
            503,
            RETRY,
            "Canale TLS non stabilito",
            "I certificati dell'hub e della destinazione non si riconoscono tra loro.",
            "Verificare certificato di autenticazione, autorità riconosciute e scadenze: gli invii in attesa ripartono"
                    + " da soli."),
    HUB_NOT_RECOGNISED(
            5015,
            207,
            502,
            RETRY,
            "La destinazione non riconosce l'hub",
            "Certificato o credenziali dell'hub non sono accettati, o chi sta in mezzo rifiuta tutti.",
            "Verificare certificati, scadenze e proxy: gli invii in attesa ripartono da soli."),

    // --- 6xxx: access ----------------------------------------------------------------------------------------
    NOT_AUTHENTICATED(
            6001,
            207,
            401,
            REPAIR,
            "Accesso non autenticato",
            "La richiesta non porta credenziali valide.",
            "Autenticarsi con le proprie credenziali."),
    NOT_ALLOWED(
            6002,
            207,
            403,
            STOP,
            "Accesso non consentito",
            "Il ruolo non consente l'operazione richiesta.",
            "Chiedere l'abilitazione a chi gestisce l'hub."),
    NOT_FOUND(
            6003,
            204,
            404,
            STOP,
            "Elemento inesistente",
            "L'elemento richiesto non esiste o non è visibile a chi lo chiede.",
            "Verificare l'identificativo."),
    REQUEST_INVALID(
            6004,
            102,
            400,
            REPAIR,
            "Richiesta non valida",
            "Un parametro della richiesta non è valido.",
            "Correggere il parametro indicato."),
    METHOD_NOT_ALLOWED(
            6005,
            207,
            405,
            REPAIR,
            "Metodo non ammesso",
            "Il metodo HTTP non è previsto per questo indirizzo.",
            "Usare un metodo tra quelli indicati nell'intestazione Allow."),
    MEDIA_TYPE_UNSUPPORTED(
            6006,
            207,
            415,
            REPAIR,
            "Formato non gestito",
            "Il Content-Type della richiesta non è tra quelli accettati.",
            "Inviare il corpo in uno dei formati descritti nell'OpenAPI."),
    NOT_ACCEPTABLE(
            6007,
            207,
            406,
            REPAIR,
            "Formato della risposta non disponibile",
            "Nessuno dei formati chiesti in Accept è disponibile.",
            "Chiedere uno dei formati descritti nell'OpenAPI."),

    // --- 7xxx: the work of operators -------------------------------------------------------------------------
    NOT_NOW(
            7001,
            207,
            409,
            STOP,
            "Operazione non possibile ora",
            "Nello stato in cui si trova l'elemento l'operazione non è possibile.",
            "Leggere lo stato attuale e scegliere l'operazione che gli corrisponde."),
    CHANGED_MEANWHILE(
            7002,
            207,
            412,
            REPAIR,
            "Modificato nel frattempo",
            "Un altro operatore, o l'hub stesso, ha cambiato il contenuto dopo la lettura.",
            "Leggere di nuovo il contenuto, rivedere la correzione e ripeterla con il nuovo ETag."),
    REVISION_MISSING(
            7003,
            207,
            428,
            REPAIR,
            "Manca la revisione letta",
            "La correzione non dice su quale revisione del contenuto è stata fatta.",
            "Leggere il contenuto e rimandare il suo ETag nell'intestazione If-Match."),
    DISCARDED_BY_PERSON(
            7004,
            207,
            409,
            STOP,
            "Scartato da un operatore",
            "Un operatore ha chiuso il messaggio con un motivo.",
            "Se il documento serve ancora, chiedere al mittente di inviarlo di nuovo."),
    STEP_INTERRUPTED(
            7005,
            207,
            500,
            REPAIR,
            "Passo sempre interrotto",
            "Un passo si è interrotto più volte insieme al processo che lo eseguiva.",
            "Cercare nel registro dell'hub la causa degli arresti, rimuoverla e ripetere."),
    // --- 7101 to 7149: pratiche and exemptions ---------------------------------------------------------------
    PRATICA_NOT_COHERENT(
            7101,
            207,
            409,
            STOP,
            "Stato pratica non coerente",
            "Nello stato in cui si trova la pratica l'operazione non è possibile.",
            "Leggere la pratica e la sua cronologia: un altro operatore può averla già lavorata."),
    PRATICA_WAITS_FOR_AURA(
            7102,
            207,
            409,
            RETRY,
            "Pratica in attesa di AURA",
            "Un'operazione sulla pratica è stata chiesta ad AURA, che non ha ancora risposto.",
            "Attendere: la pratica si completa da sola quando AURA risponde."),
    REJECTION_REASON_MISSING(
            7103,
            101,
            422,
            REPAIR,
            "Motivazione mancante",
            "Una pratica si respinge solo con una delle motivazioni previste.",
            "Indicare una delle motivazioni: requisiti non sufficienti, documentazione non corretta, documentazione insufficiente, altro."),
    CERTIFICATE_NOT_USABLE(
            7104,
            207,
            409,
            STOP,
            "Certificato non utilizzabile",
            "Solo un certificato firmato e valido giustifica un'esenzione.",
            "Verificare lo stato del certificato; se serve, emetterne uno nuovo."),
    CERTIFICATE_USED(
            7105,
            207,
            409,
            STOP,
            "Certificato già utilizzato",
            "Il certificato è già servito a richiedere o a rilasciare un'esenzione.",
            "Cercare la pratica indicata: se è ancora aperta la lavora il distretto."),
    ISSUER_NOT_ENABLED(
            7106,
            207,
            422,
            STOP,
            "Rilascio non consentito",
            "Il medico non è abilitato a rilasciare l'esenzione all'assistito.",
            "Inviare la richiesta al distretto con «Richiedi esenzione»."),
    PRATICA_OPEN_ALREADY(
            7107,
            207,
            409,
            STOP,
            "Pratica già aperta",
            "Per la stessa persona e la stessa esenzione c'è già una pratica da lavorare.",
            "Lavorare la pratica indicata."),
    PERSON_NOT_ON_AURA(
            7110,
            204,
            422,
            REPAIR,
            "Assistito non presente su AURA",
            "AURA non conosce il codice fiscale dell'assistito.",
            "Verificare il codice fiscale; se è giusto, chiedere all'anagrafe l'inserimento in AURA."),
    PERSON_NOT_ACTIVE(
            7111,
            207,
            422,
            STOP,
            "Profilo AURA non attivo",
            "Il profilo dell'assistito su AURA non è attivo.",
            "Chiedere all'anagrafe di verificare la posizione dell'assistito."),
    PERSON_DECEASED(
            7112,
            207,
            422,
            STOP,
            "Assistito deceduto",
            "AURA riporta la data del decesso dell'assistito.",
            "Verificare l'identità dell'assistito."),
    OTHER_ASL(
            7113,
            207,
            422,
            STOP,
            "Assistito di un'altra ASL",
            "L'ASL dell'assistito non è quella di chi rilascia l'esenzione.",
            "Rivolgersi all'ASL dell'assistito, oppure usare «Richiedi esenzione»."),
    OUTSIDE_REGION(
            7114,
            207,
            422,
            STOP,
            "Assistito fuori regione",
            "L'assistito non è residente né assistito in Piemonte.",
            "L'esenzione si chiede all'ASL che assiste la persona."),
    EXEMPTION_IN_FORCE(
            7115,
            207,
            422,
            STOP,
            "Esenzione già attiva",
            "L'assistito ha già un'esenzione con lo stesso codice.",
            "Verificare le esenzioni dell'assistito; per cambiarne una, annullarla prima."),
    EXEMPTION_PERIOD_WRONG(
            7116,
            102,
            422,
            REPAIR,
            "Validità dell'esenzione non corretta",
            "La data di fine validità manca o non è ammessa.",
            "Indicare una data di fine validità non anteriore a oggi, oppure che l'esenzione è illimitata."),
    EXEMPTION_NOT_IN_CATALOGUE(
            7117,
            103,
            422,
            REPAIR,
            "Esenzione non in uso",
            "Il codice di esenzione o di diagnosi non è nel catalogo in vigore.",
            "Indicare un codice del catalogo in vigore."),
    EXEMPTION_NOT_FOR_AGE(
            7118,
            207,
            422,
            STOP,
            "Esenzione non prevista per età o sesso",
            "L'esenzione vale solo per una fascia d'età, o per un sesso, che non sono quelli dell'assistito.",
            "Verificare il codice di esenzione."),
    CERTIFICATE_WITHDRAWN(
            7119,
            207,
            422,
            STOP,
            "Certificato non più valido",
            "Il certificato che giustifica la pratica è stato annullato o sostituito.",
            "Respingere o annullare la pratica; il medico può inviarne un'altra con un certificato valido."),
    ATTACHMENT_KIND(
            7120,
            207,
            422,
            REPAIR,
            "Tipo di allegato non ammesso",
            "Il contenuto del file non è di uno dei tipi ammessi.",
            "Allegare un file pdf, doc, docx, xls, xlsx, zip, png, gif o jpeg."),
    ATTACHMENT_TOO_LARGE(
            7121,
            207,
            413,
            REPAIR,
            "Allegato troppo grande",
            "Un allegato può essere al massimo di 1 MB.",
            "Ridurre il file o dividerlo."),
    EXEMPTION_NOT_WANTED(
            7122,
            207,
            409,
            STOP,
            "Esenzione non più richiesta",
            "La pratica che ha chiesto l'esenzione è stata chiusa, o l'ha chiesta di nuovo.",
            "Nessuna azione: non va comunicata ad AURA."),
    AURA_REFUSED_EXEMPTION(
            7131,
            207,
            422,
            STOP,
            "Esenzione non presa da AURA",
            "AURA, o i controlli che precedono l'invio, non ha accettato il rilascio o l'annullamento dell'esenzione.",
            "Leggere il motivo; rimossa la causa, l'operazione si può ripetere dalla pratica."),
    AURA_ABSENT(
            7130,
            207,
            503,
            REPAIR,
            "AURA non collegata",
            "L'hub non è collegato ad AURA: le esenzioni non si possono né richiedere né rilasciare.",
            "Chi gestisce l'hub configuri il collegamento (snodo.aura.*)."),

    // --- 7150 to 7179: AURA ----------------------------------------------------------------------------------
    AURA_NOT_CONFIGURED(
            7150,
            207,
            503,
            RETRY,
            "AURA non configurata",
            "Mancano all'hub l'indirizzo, l'utente o la password di un servizio di AURA.",
            "Completare snodo.aura.*: ciò che è in attesa riparte da solo."),
    AURA_UNREACHABLE(
            7151,
            207,
            503,
            RETRY,
            "AURA non raggiungibile",
            "La connessione con AURA non riesce: la richiesta non è partita.",
            "L'hub riprova da solo con attese crescenti; verificare la rete e l'indirizzo in snodo.aura.*."),
    AURA_SILENT(
            7152,
            207,
            504,
            RETRY,
            "AURA non ha risposto",
            "La risposta di AURA non è arrivata: può aver eseguito la richiesta.",
            "L'hub rilegge il profilo su AURA prima di ogni nuovo tentativo: niente viene pubblicato due volte."),
    AURA_TLS(
            7153,
            207,
            503,
            RETRY,
            "Canale TLS con AURA non stabilito",
            "I certificati dell'hub e di AURA non si riconoscono tra loro.",
            "Verificare snodo.aura.ssl-bundle e le scadenze: ciò che è in attesa riparte da solo."),
    AURA_NOT_AUTHORISED(
            7154,
            207,
            502,
            RETRY,
            "AURA non riconosce l'hub",
            "Utente e password di un servizio non sono accettati da AURA.",
            "Verificare user e password in snodo.aura.*: ciò che è in attesa riparte da solo."),
    AURA_FAULT(
            7155,
            207,
            502,
            RETRY,
            "Errore interno di AURA",
            "AURA ha risposto con un errore proprio e non con un esito.",
            "L'hub riprova da solo; se si ripete, segnalarlo a chi gestisce AURA con le parole della risposta."),
    AURA_UNREADABLE(
            7156,
            207,
            502,
            RETRY,
            "Risposta di AURA non leggibile",
            "Ciò che è arrivato non è una risposta del servizio chiamato, oppure si contraddice.",
            "Verificare l'indirizzo in snodo.aura.*; se è giusto, segnalarlo a chi gestisce AURA."),
    AURA_BUSY(
            7157,
            207,
            503,
            RETRY,
            "AURA chiede di rallentare",
            "AURA non accetta richieste in questo momento.",
            "L'hub riprova dopo il tempo indicato."),
    AURA_REFUSED(
            7158,
            207,
            422,
            REPAIR,
            "Rifiutato da AURA",
            "AURA ha rifiutato l'esenzione o il suo annullamento.",
            "Leggere le parole di AURA, correggere e validare o annullare di nuovo dalla pratica."),
    EXEMPTION_NOT_OWED(
            7159,
            207,
            409,
            STOP,
            "Pubblicazione non più dovuta",
            "L'esenzione non è più in attesa di AURA.",
            "Nulla: chiudere l'invio, se è ancora aperto."),

    // --- 8xxx: bookings --------------------------------------------------------------------------------------
    BOOKING_UNKNOWN(
            8001,
            204,
            404,
            REPAIR,
            "Prenotazione inesistente",
            "Nessuna prenotazione con questo codice, o non visibile a chi la chiede.",
            "Verificare il codice della richiesta."),
    CUP_UNREACHABLE(
            8002,
            207,
            503,
            RETRY,
            "CUP non raggiungibile",
            "Il CUP dell'azienda non è raggiungibile: niente è stato prenotato né cambiato.",
            "Ripetere più tardi la stessa richiesta, anche con lo stesso identificativo: è tentata di nuovo; o scegliere"
                    + " un'altra azienda."),
    SLOT_TAKEN(
            8003,
            206,
            409,
            RETRY,
            "Posto appena occupato",
            "Il posto chiesto è stato preso, o sta per esserlo, da un'altra richiesta.",
            "Scegliere uno dei posti proposti, o cercare di nuovo."),
    BOOKING_CHANGED(
            8004,
            206,
            412,
            REPAIR,
            "Prenotazione cambiata nel frattempo",
            "La prenotazione non è più quella che il chiamante ha visto.",
            "Leggere di nuovo la prenotazione e ripetere, se ancora serve."),
    BOOKING_BUSY(
            8005,
            206,
            409,
            RETRY,
            "Operazione già in corso",
            "Il CUP non ha ancora confermato un'operazione precedente sulla stessa prenotazione.",
            "Ripetere quando l'operazione precedente è conclusa."),
    BOOKING_ENDED(
            8006,
            207,
            409,
            STOP,
            "Prenotazione non più aperta",
            "La prenotazione è stata rifiutata, revocata o cancellata, o il paziente non si è presentato.",
            "Fare una nuova prenotazione, se serve."),
    CUP_REFUSED(
            8007,
            207,
            422,
            STOP,
            "Rifiutata dal CUP",
            "Il CUP dell'azienda ha rifiutato la richiesta.",
            "Leggere il motivo dato dal CUP; per chiarimenti rivolgersi al CUP dell'azienda."),
    NO_PLACE(
            8008,
            207,
            409,
            RETRY,
            "Nessun posto libero",
            "Nessuna azienda interrogata ha un posto libero per le prestazioni chieste.",
            "Allargare il periodo o le aziende, o riprovare più tardi."),
    BOOKING_UNDECIDED(
            8009,
            207,
            202,
            RETRY,
            "Esito non ancora noto",
            "Il CUP non ha risposto: la richiesta non è né eseguita né rifiutata. L'hub continua a chiedere.",
            "Ripetere lo stesso messaggio per conoscere l'esito; se dura a lungo, chi gestisce l'hub senta il CUP."),
    AZIENDA_NOT_CONNECTED(
            8010,
            103,
            422,
            REPAIR,
            "Azienda non collegata",
            "L'azienda indicata non ha un CUP collegato all'hub.",
            "Indicare un'azienda collegata, o lasciare che l'hub cerchi in tutte."),
    ONE_AZIENDA(
            8011,
            207,
            422,
            REPAIR,
            "Più aziende in una richiesta",
            "Le prestazioni di una richiesta devono essere eseguite in una sola azienda.",
            "Scegliere posti della stessa azienda, o fare due richieste."),
    SLOT_PAST(
            8012,
            102,
            422,
            REPAIR,
            "Posto già passato",
            "Il giorno e l'ora chiesti sono passati.",
            "Chiedere un posto a venire, o lasciare che lo cerchi l'hub."),
    // --- 8090 to 8099: bookings over HL7 v2 ------------------------------------------------------------------
    CUP_SILENT(
            8090,
            207,
            504,
            RETRY,
            "CUP che non ha risposto",
            "Il CUP di un'azienda non ha risposto in tempo alla ricerca: i suoi posti non sono tra le proposte.",
            "Ripetere la ricerca più tardi, se quell'azienda interessa."),

    // --- 9xxx: the hub itself --------------------------------------------------------------------------------
    INTERNAL(
            9001,
            207,
            500,
            RETRY,
            "Errore interno dell'hub",
            "Un errore inatteso: il messaggio non è stato accettato o il passo non è stato compiuto.",
            "Riprovare; se si ripete, segnalare il codice di correlazione."),
    STORE_UNAVAILABLE(
            9002,
            207,
            503,
            RETRY,
            "Archivio non disponibile",
            "Il messaggio non può essere conservato in modo duraturo, quindi non viene accettato.",
            "Inviare di nuovo più tardi lo stesso messaggio con lo stesso identificativo."),
    PORT_IN_USE(
            9003,
            207,
            500,
            REPAIR,
            "Porta già occupata",
            "Un altro programma, forse un altro hub, è già in ascolto su una porta che serve all'hub.",
            "Fermare l'altro programma, o scegliere altre porte: --server.port, --management.server.port,"
                    + " --snodo.mllp.port, --snodo.simulator.port, --snodo.simulator.cup.base-port."),
    DATA_FOLDER_IN_USE(
            9004,
            207,
            500,
            REPAIR,
            "Cartella dei dati già in uso",
            "Un altro hub sta lavorando sulla stessa cartella dei dati.",
            "Fermare l'altro hub, o dare a questo una cartella propria con --snodo.data-dir."),
    DATA_FOLDER_NOT_WRITABLE(
            9005,
            207,
            500,
            REPAIR,
            "Cartella dei dati non scrivibile",
            "L'hub non può creare o scrivere la cartella dei dati.",
            "Dare all'utente dell'hub il permesso di scrivere nella cartella, o indicarne un'altra con --snodo.data-dir."),
    PIN_UNREADABLE(
            9006,
            207,
            500,
            REPAIR,
            "PIN non leggibile",
            "Il PIN del cittadino è stato cifrato con un'altra chiave.",
            "Rimettere in snodo.pin.key, o in keys/pin.key della cartella dei dati, la chiave di prima e ripetere; se è persa,"
                    + " correggere la richiesta con il PIN comunicato al cittadino (repair)."),
    DISK_FULL(
            9007,
            207,
            503,
            RETRY,
            "Spazio su disco quasi esaurito",
            "Il disco dei dati dell'hub è quasi pieno: il messaggio non viene accettato.",
            "Inviare di nuovo più tardi lo stesso messaggio con lo stesso identificativo; chi gestisce l'hub liberi spazio"
                    + " o ingrandisca il disco (limite: snodo.min-free-space)."),
    STARTING(
            9011,
            207,
            503,
            RETRY,
            "Hub in avvio",
            "L'hub si sta avviando o fermando e non accetta ancora richieste.",
            "Riprovare tra qualche secondo.");

    private final int number;
    private final int hl7ErrorCode;
    private final int httpStatus;
    private final Remedy remedy;
    private final String title;
    private final String cause;
    private final String advice;

    SnodoCode(int number, int hl7ErrorCode, int httpStatus, Remedy remedy, String title, String cause, String advice) {
        this.number = number;
        this.hl7ErrorCode = hl7ErrorCode;
        this.httpStatus = httpStatus;
        this.remedy = remedy;
        this.title = title;
        this.cause = cause;
        this.advice = advice;
    }

    /** The stable code that people quote: {@code SNODO-nnnn}. */
    public String code() {
        return "SNODO-" + number;
    }

    /** The one that is written so; none for null, or for another's code. */
    public static Optional<SnodoCode> find(String code) {
        return Arrays.stream(values()).filter(one -> one.code().equals(code)).findFirst();
    }

    /** The error condition for ERR-3, HL7 table 0357. */
    public int hl7ErrorCode() {
        return hl7ErrorCode;
    }

    public int httpStatus() {
        return httpStatus;
    }

    public Remedy remedy() {
        return remedy;
    }

    /** Some words for a heading. */
    public String title() {
        return title;
    }

    public String cause() {
        return cause;
    }

    /** What to do about it, for the person who reads it. */
    public String advice() {
        return advice;
    }
}
