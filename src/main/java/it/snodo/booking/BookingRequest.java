package it.snodo.booking;

import com.fasterxml.jackson.annotation.JsonInclude;
import it.snodo.booking.Slot.Wish;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.List;

/**
 * The one form of every booking request: SRM, FHIR Appointment and JSON become this, and everything after the intake knows
 * only this. As JSON it is the body of {@code POST /api/v1/bookings}; as XML it is described by
 * {@code xsd/booking-request.xsd}.
 *
 * <p>Codes are kept as they came, trimmed and in capitals: what they must be is the business of the rules. A field that was
 * absent or blank is null; a list that was absent is empty. Dates are civil dates of Europe/Rome.
 *
 * @param operation what is asked for
 * @param requester who asks, from where
 * @param bookingCode "codice della richiesta" of SovraCup (placer appointment id); null in a new booking
 * @param patient the person the booking is for; may be null in operations on an existing booking
 * @param prescription the impegnativa and what else decides on tariff and term
 * @param lines the services, in the order of the prescription
 * @param wish where and when, when no line names its slot
 * @param identification what the caller has said about an existing booking, to be compared and never to be told (R64, R80)
 * @param confirmations {@code SC-nnn} of what the caller confirms expressly ({@code CONFERMA})
 * @param replaceExisting the earlier booking of the same service is revoked once this one stands ({@code SOSTITUISCI}, R39)
 * @param movesFrom code of a booking of another azienda that this one takes the place of: book first, revoke after (R65)
 * @param reason why it is moved, changed or revoked; free text
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record BookingRequest(
        Operation operation,
        Requester requester,
        String bookingCode,
        Patient patient,
        Prescription prescription,
        List<Line> lines,
        Wish wish,
        Identification identification,
        List<String> confirmations,
        Boolean replaceExisting,
        String movesFrom,
        String reason)
        implements BookingAsk {

    public BookingRequest {
        bookingCode = Texts.code(bookingCode);
        lines = lines == null ? List.of() : List.copyOf(lines);
        confirmations = confirmations == null
                ? List.of()
                : confirmations.stream().map(Texts::code).toList();
        movesFrom = Texts.code(movesFrom);
        reason = Texts.text(reason);
    }

    /** Operations that SovraCup offers (R87), with their events. */
    public enum Operation {
        /** S01, S12. */
        BOOK,
        /** Another time or place: S02, S13. */
        MOVE,
        /** Other data, same time: S03, S14. */
        CHANGE,
        /** S04, S15. */
        REVOKE,
        /** Booked by mistake: S06, S17. */
        DELETE,
        /** A new print of the promemoria (R68). */
        REPRINT
    }

    /**
     * @param application MSH-3, or the user of REST and FHIR
     * @param facility MSH-4 as it came
     * @param operator who works at the desk; null when not said
     * @param desk the desk; null when not said
     * @param channel DESK (when absent), PHONE, PHARMACY, FAX or WEB ({@code CANALE})
     * @param azienda of the desk, as it came
     */
    public record Requester(
            String application, String facility, String operator, String desk, String channel, String azienda) {

        public Requester {
            application = Texts.text(application);
            facility = Texts.text(facility);
            operator = Texts.text(operator);
            desk = Texts.text(desk);
            channel = Texts.code(channel);
            azienda = Texts.code(azienda);
        }
    }

    /**
     * @param fiscalCode codice fiscale (or regional code)
     * @param stp STP code
     * @param eni ENI code
     * @param regionalId id in AURA
     * @param family surname
     * @param given name
     * @param sex M, F or U
     * @param birthPlace Comune or state, code or name
     * @param comune Comune of residence, ISTAT code or name
     * @param address street and number
     * @param phones as they came; the literal {@code non fornito} when there is none (R45)
     * @param asl azienda the person belongs to
     * @param entitlement on what grounds, and with which papers; null means enrolled in the SSN
     */
    public record Patient(
            String fiscalCode,
            String stp,
            String eni,
            String regionalId,
            String family,
            String given,
            LocalDate birthDate,
            String sex,
            String birthPlace,
            String comune,
            String address,
            List<String> phones,
            String asl,
            Entitlement entitlement) {

        public Patient {
            fiscalCode = Texts.identifier(fiscalCode);
            stp = Texts.identifier(stp);
            eni = Texts.identifier(eni);
            regionalId = Texts.identifier(regionalId);
            family = Texts.text(family);
            given = Texts.text(given);
            sex = Texts.code(sex);
            birthPlace = Texts.text(birthPlace);
            comune = Texts.text(comune);
            address = Texts.text(address);
            phones = phones == null
                    ? List.of()
                    : phones.stream().map(Texts::text).filter(p -> p != null).toList();
            asl = Texts.code(asl);
        }
    }

    /**
     * On what grounds somebody is treated at the terms of the SSR (R21, R42, R46 to R56).
     *
     * @param category SSN (when absent), SASN, EU (enrolled nowhere in Italy, European papers), EU_ENROLLED, NON_EU
     *     (regularly resident), NON_EU_DEPENDANT, CONVENTION (country with a convention), STP, ENI, REFUGEE, STATELESS,
     *     FOSTERED (minor adopted or fostered), MEDICAL_PERMIT, TOURIST
     * @param title the European paper: TEAM, PROVISIONAL, E106, E112, E120, E123, LINKED, DEPENDANT
     * @param cardExpiry last good day of the tesserino
     * @param renewalShown the request of renewal, or the renewed permit, was shown (R50)
     * @param stpIssued day the STP or ENI code was given (R56)
     * @param orderDate day of the adoption or foster order (R46)
     * @param attestation the attestation of refugee or stateless person was shown (R55)
     * @param dependantExclusion why a dependant is not included: OWN_RIGHT, STUDY, AU_PAIR (R51)
     * @param citizenship country code or name (R53)
     * @param state sigla stato on the back of the prescription (R49)
     * @param institution competent institution code (R49, R53)
     * @param personalNumber personal identification number (R49)
     * @param cardNumber number of the card; null when the card has none
     * @param recoveredFromDocument an identity document supplied what the back of the prescription lacks (R16)
     */
    public record Entitlement(
            String category,
            String title,
            LocalDate cardExpiry,
            Boolean renewalShown,
            LocalDate stpIssued,
            LocalDate orderDate,
            Boolean attestation,
            String dependantExclusion,
            String citizenship,
            String state,
            String institution,
            String personalNumber,
            String cardNumber,
            Boolean recoveredFromDocument) {

        public Entitlement {
            category = Texts.code(category);
            title = Texts.code(title);
            dependantExclusion = Texts.code(dependantExclusion);
            citizenship = Texts.text(citizenship);
            state = Texts.code(state);
            institution = Texts.code(institution);
            personalNumber = Texts.code(personalNumber);
            cardNumber = Texts.code(cardNumber);
        }
    }

    /**
     * @param numbers number of the paper form, or NRE; more than one is refused (R19)
     * @param form M01 to M13 ({@code MODULO}); null means M01
     * @param issuer azienda that issued a form that is good for its issuer only (R10)
     * @param compiled day of compilation ({@code DTCOMP})
     * @param type SSN (when absent), SSN_ALTRA_MODULISTICA, SSN_LIBERO_ACCESSO ({@code TIPOPRE})
     * @param recipeType tipo ricetta: EE, UE, NA, ND, NE, NX, ST ({@code TIPORIC})
     * @param tariff TICKET (when absent), ESENTE, ESENTE_TOTALE ({@code TARIFFA})
     * @param contract SSR (when absent), EXTRA_SSR, LIBERA_PROFESSIONE ({@code CONTR})
     * @param exemption exemption code ({@code ESENZ})
     * @param notExempt the box N is ticked (R73)
     * @param selfDeclared the patient has signed for the income ({@code AUTOCERT})
     * @param priority U, B, D or P
     * @param corrected erasures, additions or corrections ({@code CORREZIONI})
     * @param countersigned by the same prescriber ({@code CONTROFIRMA})
     * @param stamped services written with a rubber stamp or a sticker ({@code TIMBRI})
     * @param legible the services can be read; null means yes
     * @param prescriber who wrote it; null means the patient's MMG (R20)
     * @param prescriberKind MMG, PLS or SPECIALIST
     * @param question diagnostic question of the whole prescription
     * @param cardNotCertified an exemption card is shown that the prescriber did not write down (R76)
     * @param inailReport report of the work accident is shown (R79c)
     * @param lastScreening day of the last examination of the same prevention (R79)
     * @param publicStructure asked for by a public structure (R79d)
     */
    public record Prescription(
            List<String> numbers,
            String form,
            String issuer,
            LocalDate compiled,
            String type,
            String recipeType,
            String tariff,
            String contract,
            String exemption,
            Boolean notExempt,
            Boolean selfDeclared,
            String priority,
            Boolean corrected,
            Boolean countersigned,
            Boolean stamped,
            Boolean legible,
            String prescriber,
            String prescriberKind,
            String question,
            Boolean cardNotCertified,
            Boolean inailReport,
            LocalDate lastScreening,
            Boolean publicStructure) {

        public Prescription {
            numbers = numbers == null
                    ? List.of()
                    : numbers.stream()
                            .map(Texts::identifier)
                            .filter(n -> n != null)
                            .distinct()
                            .toList();
            form = Texts.code(form);
            issuer = Texts.code(issuer);
            type = Texts.code(type);
            recipeType = Texts.code(recipeType);
            tariff = Texts.code(tariff);
            contract = Texts.code(contract);
            exemption = Texts.text(exemption);
            priority = Texts.code(priority);
            prescriber = Texts.text(prescriber);
            prescriberKind = Texts.code(prescriberKind);
            question = Texts.text(question);
        }
    }

    /**
     * One service.
     *
     * @param service code of the regional catalogue (as asked for; never changed, R34)
     * @param item the specific item of the catalogue that is to be booked, when not the service itself (R28, R36)
     * @param description as it came
     * @param quantity sessions or pieces; null means 1
     * @param side R, L or B; null when it has none
     * @param district body district; null when not said
     * @param question diagnostic question of this service
     * @param azienda where it is to be done, as it came; null when it is still to be found
     * @param slot the place chosen; null when the hub is to choose
     * @param exempt whether the exemption covers it, when the caller says so (R29)
     */
    public record Line(
            String service,
            String item,
            String description,
            Integer quantity,
            String side,
            String district,
            String question,
            String azienda,
            Slot slot,
            Boolean exempt) {

        public Line {
            service = Texts.code(service);
            item = Texts.code(item);
            description = Texts.text(description);
            side = Texts.code(side);
            district = Texts.text(district);
            question = Texts.text(question);
            azienda = Texts.code(azienda);
        }

        public int pieces() {
            return quantity == null ? 1 : quantity;
        }
    }

    /** What the caller of a revoke, a move or a reprint has said by himself (R64). */
    public record Identification(
            String bookingCode,
            String family,
            String given,
            LocalDate birthDate,
            String service,
            LocalDateTime start,
            String phone) {

        public Identification {
            bookingCode = Texts.code(bookingCode);
            family = Texts.text(family);
            given = Texts.text(given);
            service = Texts.text(service);
            phone = Texts.text(phone);
        }
    }
}
