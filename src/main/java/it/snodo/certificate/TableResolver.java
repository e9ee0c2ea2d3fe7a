package it.snodo.certificate;

import it.snodo.certificate.CertificateDocument.Organization;
import it.snodo.certificate.CertificateDocument.Resolved;
import it.snodo.certificate.CertificateRequest.Address;
import it.snodo.certificate.CertificateRequest.Code;
import it.snodo.certificate.CertificateRequest.Encounter;
import it.snodo.certificate.CertificateRequest.Place;
import it.snodo.registry.Azienda;
import it.snodo.registry.CodeTables;
import it.snodo.registry.Comune;
import it.snodo.registry.Country;
import it.snodo.registry.Diagnosis;
import it.snodo.registry.Exemption;
import it.snodo.registry.Icd9;
import it.snodo.registry.Regime;
import it.snodo.registry.Region;
import it.snodo.registry.RegisteredProfessional;
import it.snodo.registry.Service;
import it.snodo.registry.Structure;
import it.snodo.registry.Unit;
import java.time.LocalDate;
import java.time.Period;
import java.util.Optional;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/** Fills in what the tables know. What they do not know stays as the request says it, or absent. */
@Component("certificateResolver")
class TableResolver implements CertificateResolver {

    private static final String ABROAD = "999";
    private static final int OF_AGE = 18;

    private final CodeTables tables;
    private final AziendaResolver aziende;
    private final CertificateProperties properties;

    TableResolver(CodeTables tables, AziendaResolver aziende, CertificateProperties properties) {
        this.tables = tables;
        this.aziende = aziende;
        this.properties = properties;
    }

    @Override
    public Resolved resolve(CertificateRequest request) {
        LocalDate visit = request.visitTime() == null
                ? null
                : request.visitTime().atZoneSameInstant(properties.zone()).toLocalDate();
        LocalDate birth = request.patient() == null ? null : request.patient().birthDate();
        Optional<Azienda> azienda = aziende.find(request);
        String region = azienda.map(Azienda::region).orElse(null);
        Optional<Exemption> exemption = exemption(request.exemption(), visit);
        String diagnosis = diagnosisCode(request.diagnosis());
        Service service = service(request.service());
        Optional<Unit> unit = aziende.unit(request);
        Residence residence =
                residence(request.patient() == null ? null : request.patient().address());
        Birthplace birthplace =
                birthplace(request.patient() == null ? null : request.patient().birthplace());
        return new Resolved(
                exemption.map(Exemption::code).orElseGet(() -> code(request.exemption())),
                exemption.map(Exemption::title).orElseGet(() -> description(request.exemption())),
                exemption.map(found -> exemptionSystem(found, region)).orElse(null),
                exemption.map(Exemption::familyLabel).orElse(null),
                diagnosis,
                diagnosisDescription(request.diagnosis(), diagnosis),
                service.code(),
                service.title(),
                tables.oid("services-national"),
                request.underSpecialLaws() || "V".equals(request.confidentiality())
                        ? "V"
                        : "R".equals(request.confidentiality()) ? "R" : "N",
                Optional.ofNullable(request.regime())
                        .flatMap(tables::regime)
                        .map(Regime::title)
                        .orElse(null),
                authorTelecom(request, tables, aziende).orElse(null),
                region,
                tables.region(region).map(Region::organization).orElse(null),
                azienda.map(this::organization).orElse(null),
                structure(request, azienda).orElse(null),
                unit.map(Unit::code).orElseGet(() -> encounter(request, Encounter::unitCode)),
                Optional.ofNullable(encounter(request, Encounter::unitName))
                        .or(() -> unit.map(Unit::name))
                        .orElse(null),
                residence.city,
                residence.province,
                residence.countryCode,
                residence.countryName,
                birthplace.name,
                birthplace.code,
                visit,
                birth == null || visit == null
                        ? null
                        : Period.between(birth, visit).getYears() < OF_AGE);
    }

    // --- codes -------------------------------------------------------------------------------------------------

    private Optional<Exemption> exemption(Code code, LocalDate visit) {
        if (code(code) == null) {
            return Optional.empty();
        }
        Optional<Exemption> onTheDay = visit == null ? Optional.empty() : tables.exemption(code.code(), visit);
        return onTheDay.or(() -> tables.exemption(code.code()));
    }

    private String exemptionSystem(Exemption exemption, String region) {
        Optional<String> regional = exemption.regional() ? tables.findOid("exemptions-" + region) : Optional.empty();
        return regional.orElseGet(() -> tables.oid("exemptions-national"));
    }

    /** Dotted ICD-9-CM; null for a filler, which is not an ICD-9-CM code and must not be sent out as one. */
    private static String diagnosisCode(Code diagnosis) {
        String code = code(diagnosis);
        return code == null || CodeTables.isFiller(code) ? null : Icd9.dotted(code);
    }

    private String diagnosisDescription(Code diagnosis, String dotted) {
        String words = description(diagnosis);
        if (dotted == null) {
            // Fillers are described as "-": that tells a reader nothing.
            return words != null && words.chars().anyMatch(Character::isLetter) ? words : null;
        }
        return tables.diagnosis(dotted).map(Diagnosis::title).orElse(words);
    }

    private Service service(Code code) {
        if (code(code) == null) {
            return tables.defaultService();
        }
        return tables.service(code.code()).orElseGet(() -> new Service(code.code(), description(code)));
    }

    private static String code(Code code) {
        return code == null ? null : code.code();
    }

    private static String description(Code code) {
        return code == null ? null : code.description();
    }

    // --- organisations and people ------------------------------------------------------------------------------

    private static <T> T encounter(CertificateRequest request, java.util.function.Function<Encounter, T> part) {
        return request.encounter() == null ? null : part.apply(request.encounter());
    }

    private Organization organization(Azienda azienda) {
        return new Organization(
                azienda.code(),
                tables.oid("fls.11"),
                azienda.name(),
                null,
                tables.comune(azienda.comune()).map(Comune::name).orElse(null),
                azienda.telecom());
    }

    private Optional<Organization> structure(CertificateRequest request, Optional<Azienda> azienda) {
        String named = encounter(request, Encounter::structureCode);
        String words = encounter(request, Encounter::structureName);
        Optional<Structure> known = aziende.structure(request);
        if (known.isPresent()) {
            Structure structure = known.get();
            return Optional.of(new Organization(
                    structure.code(),
                    tables.oid(structure.system()),
                    structure.name(),
                    null,
                    tables.comune(structure.comune()).map(Comune::name).orElse(null),
                    null));
        }
        if (named == null) {
            return Optional.empty();
        }
        // A structure outside our table: what the sender calls it, else the azienda's name, for a name is needed.
        String name = words != null ? words : azienda.map(Azienda::name).orElse(named);
        return Optional.of(new Organization(named, tables.oid("sts.11"), name, null, null, null));
    }

    /** The author's own contact, else the registry's, else the unit's, else the azienda's; as a URI. */
    static Optional<String> authorTelecom(CertificateRequest request, CodeTables tables, AziendaResolver aziende) {
        String asked = request.author() == null ? null : request.author().telecom();
        String doctor = request.author() == null ? null : request.author().fiscalCode();
        return Stream.<java.util.function.Supplier<Optional<String>>>of(
                        () -> Optional.ofNullable(asked),
                        () -> tables.professional(doctor).map(RegisteredProfessional::telecom),
                        () -> Optional.ofNullable(encounter(request, Encounter::unitTelecom)),
                        () -> aziende.unit(request).map(Unit::telecom),
                        () -> aziende.find(request).map(Azienda::telecom))
                .map(source -> source.get().flatMap(Telecom::uri))
                .flatMap(Optional::stream)
                .findFirst();
    }

    // --- places ------------------------------------------------------------------------------------------------

    private record Residence(String city, String province, String countryCode, String countryName) {}

    private Residence residence(Address address) {
        if (address == null) {
            return new Residence(null, null, null, null);
        }
        Optional<Country> country = tables.country(address.country());
        boolean italian = country.map(Country::italy).orElse(address.country() == null);
        Optional<String> province = italian ? tables.province(address.province()) : Optional.empty();
        Optional<Comune> comune = italian
                ? tables.comune(address.istatCode())
                        .or(() -> address.city() == null
                                ? Optional.empty()
                                : tables.comuneNamed(address.city(), province.orElse(null)))
                : Optional.empty();
        Optional<Country> known = country.or(() -> comune.flatMap(found -> tables.country("100")));
        // An address that names no state is Italian when its comune, province or postal code is.
        if (known.isEmpty() && address.country() == null && (province.isPresent() || address.postalCode() != null)) {
            known = tables.country("100");
        }
        return new Residence(
                comune.map(Comune::name).orElse(address.city()),
                comune.map(Comune::province).or(() -> province).orElse(address.province()),
                known.map(Country::code).orElse(address.country()),
                known.map(Country::name).orElse(address.country()));
    }

    private record Birthplace(String name, String code) {}

    private Birthplace birthplace(Place place) {
        if (place == null) {
            return new Birthplace(null, null);
        }
        String code = place.istatCode();
        if (code != null) {
            boolean abroad = code.length() == 3 || code.startsWith(ABROAD);
            String name = abroad
                    ? tables.country(code).map(Country::name).orElse(null)
                    : tables.comune(code).map(Comune::name).orElse(null);
            // A foreign town says more than its state.
            boolean town = abroad && place.name() != null;
            return new Birthplace(
                    town || name == null ? place.name() : name, code.length() == 3 ? ABROAD + code : code);
        }
        if (place.name() == null) {
            return new Birthplace(null, null);
        }
        Optional<Comune> comune = tables.comuneNamed(place.name(), null);
        if (comune.isPresent()) {
            return new Birthplace(comune.get().name(), comune.get().code());
        }
        return tables.country(place.name())
                .filter(country -> !country.italy())
                .map(country -> new Birthplace(country.name(), ABROAD + country.code()))
                .orElseGet(() -> new Birthplace(place.name(), null));
    }
}
