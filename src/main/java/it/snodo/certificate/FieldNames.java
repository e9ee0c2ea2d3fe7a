package it.snodo.certificate;

import java.util.Map;

/** What each field is called when people are told about it, with its article. */
final class FieldNames {

    private static final Map<String, String> NAMES = Map.ofEntries(
            Map.entry("action", "l'azione richiesta"),
            Map.entry("sender", "il mittente"),
            Map.entry("sender.application", "l'applicazione mittente"),
            Map.entry("sender.facility", "la struttura mittente"),
            Map.entry("sender.facilityCode", "il codice della struttura mittente"),
            Map.entry("documentNumber", "il numero del documento"),
            Map.entry("replacedDocumentNumber", "il numero del documento sostituito o annullato"),
            Map.entry("patient", "l'assistito"),
            Map.entry("patient.fiscalCode", "il codice fiscale dell'assistito"),
            Map.entry("patient.stp", "il codice STP dell'assistito"),
            Map.entry("patient.eni", "il codice ENI dell'assistito"),
            Map.entry("patient.team", "la tessera TEAM dell'assistito"),
            Map.entry("patient.team.cardNumber", "il numero della tessera TEAM"),
            Map.entry("patient.team.personalNumber", "il numero personale della tessera TEAM"),
            Map.entry("patient.team.state", "lo Stato che ha rilasciato la tessera TEAM"),
            Map.entry("patient.regionalId", "l'identificativo regionale dell'assistito"),
            Map.entry("patient.family", "il cognome dell'assistito"),
            Map.entry("patient.given", "il nome dell'assistito"),
            Map.entry("patient.birthDate", "la data di nascita dell'assistito"),
            Map.entry("patient.gender", "il sesso dell'assistito"),
            Map.entry("patient.address", "l'indirizzo dell'assistito"),
            Map.entry("patient.address.use", "il tipo di indirizzo dell'assistito"),
            Map.entry("patient.address.street", "la via dell'indirizzo dell'assistito"),
            Map.entry("patient.address.city", "il comune dell'indirizzo dell'assistito"),
            Map.entry("patient.address.postalCode", "il CAP dell'indirizzo dell'assistito"),
            Map.entry("patient.address.province", "la provincia dell'indirizzo dell'assistito"),
            Map.entry("patient.address.country", "lo Stato dell'indirizzo dell'assistito"),
            Map.entry("patient.address.istatCode", "il codice ISTAT del comune dell'assistito"),
            Map.entry("patient.phone", "il telefono dell'assistito"),
            Map.entry("patient.birthplace", "il luogo di nascita dell'assistito"),
            Map.entry("patient.birthplace.name", "il luogo di nascita dell'assistito"),
            Map.entry("patient.birthplace.istatCode", "il codice ISTAT del luogo di nascita"),
            Map.entry("author", "il medico autore"),
            Map.entry("author.fiscalCode", "il codice fiscale del medico autore"),
            Map.entry("author.family", "il cognome del medico autore"),
            Map.entry("author.given", "il nome del medico autore"),
            Map.entry("author.telecom", "il recapito del medico autore"),
            Map.entry("legalAuthenticator", "il medico firmatario"),
            Map.entry("legalAuthenticator.fiscalCode", "il codice fiscale del medico firmatario"),
            Map.entry("legalAuthenticator.family", "il cognome del medico firmatario"),
            Map.entry("legalAuthenticator.given", "il nome del medico firmatario"),
            Map.entry("legalAuthenticator.telecom", "il recapito del medico firmatario"),
            Map.entry("encounter", "l'episodio"),
            Map.entry("encounter.kind", "il tipo di episodio"),
            Map.entry("encounter.id", "l'identificativo dell'episodio"),
            Map.entry("encounter.start", "l'inizio dell'episodio"),
            Map.entry("encounter.end", "la fine dell'episodio"),
            Map.entry("encounter.azienda", "l'azienda sanitaria"),
            Map.entry("encounter.structureCode", "il codice della struttura"),
            Map.entry("encounter.structureName", "il nome della struttura"),
            Map.entry("encounter.unitCode", "il codice dell'unità produttiva"),
            Map.entry("encounter.unitName", "il nome dell'unità produttiva"),
            Map.entry("encounter.unitTelecom", "il recapito dell'unità produttiva"),
            Map.entry("visitTime", "la data e ora della visita"),
            Map.entry("question", "il quesito"),
            Map.entry("exemption", "l'esenzione"),
            Map.entry("exemption.code", "il codice dell'esenzione"),
            Map.entry("exemption.description", "la descrizione dell'esenzione"),
            Map.entry("diagnosis", "la diagnosi"),
            Map.entry("diagnosis.code", "il codice della diagnosi"),
            Map.entry("diagnosis.description", "la descrizione della diagnosi"),
            Map.entry("pathology", "il testo «è affetto dalla seguente patologia»"),
            Map.entry("service", "la prestazione"),
            Map.entry("service.code", "il codice della prestazione"),
            Map.entry("service.description", "la descrizione della prestazione"),
            Map.entry("conclusions", "il testo delle conclusioni"),
            Map.entry("regime", "il regime"),
            Map.entry("confidentiality", "il livello di riservatezza"),
            Map.entry("specialLaws", "l'indicazione «leggi speciali»"),
            Map.entry("obscuredToParent", "l'indicazione «oscurato al genitore»"),
            Map.entry("nre", "il numero della ricetta elettronica"),
            Map.entry("onlineCollection", "lo scarico on line"),
            Map.entry("onlineCollection.requested", "la richiesta di scarico on line"),
            Map.entry("onlineCollection.pin", "il PIN per lo scarico on line"),
            Map.entry("ticket", "lo stato del ticket"));

    private FieldNames() {}

    /** Such as "il cognome dell'assistito"; an item of a list is called as the list. */
    static String of(String path) {
        int open = path.indexOf('[');
        return NAMES.getOrDefault(open < 0 ? path : path.substring(0, open), "il campo " + path);
    }
}
