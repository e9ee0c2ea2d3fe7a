package it.snodo.registry;

import static it.snodo.registry.TableFiles.fold;
import static it.snodo.registry.TableFiles.key;

import it.snodo.config.ConfigFolder;
import it.snodo.config.Watched;
import it.snodo.registry.TableFiles.Aziende;
import it.snodo.registry.TableFiles.Exemptions;
import it.snodo.registry.TableFiles.Pair;
import it.snodo.registry.TableFiles.Pairs;
import it.snodo.registry.TableFiles.Places;
import it.snodo.registry.TableFiles.Services;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import org.springframework.stereotype.Component;

/**
 * The code tables of {@code mappings/}: each is read when it is first asked for, kept as it was read, and read again
 * when its file changes. Lookups trim and ignore case; they never strip leading zeros, which belong to a code.
 *
 * <p>A lookup throws {@link TableException} only when its table could not be read even once; {@link #warm()} finds that
 * out at the start.
 */
@Component
public class CodeTables {

    private final Watched<Exemptions> exemptions;
    private final Watched<Pairs> pairs;
    private final Watched<Map<String, Map<String, ExemptionDuration>>> durations;
    private final Watched<Map<String, Map<String, List<ExemptService>>>> exemptServices;
    private final Watched<Map<String, List<String>>> fillers;
    private final Watched<Map<String, Diagnosis>> diagnoses;
    private final Watched<Services> services;
    private final Watched<Aziende> aziende;
    private final Watched<Map<String, Structure>> structures;
    private final Watched<Map<String, Unit>> units;
    private final Watched<Map<String, RegisteredProfessional>> professionals;
    private final Watched<Map<String, Regime>> regimes;
    private final Watched<Map<String, String>> ticketStates;
    private final Watched<Map<String, String>> disciplines;
    private final Watched<Map<String, String>> practiceSettings;
    private final Watched<Places> places;
    private final Watched<Map<String, Country>> countries;
    private final Watched<Map<String, Region>> regions;
    private final Watched<Map<String, String>> oids;
    private final List<Watched<?>> all = new ArrayList<>();

    public CodeTables(ConfigFolder folder) {
        exemptions = watch(
                folder,
                TableFiles::exemptions,
                "mappings/exemptions.csv",
                "mappings/rare-diseases.csv",
                "mappings/exemption-families.csv");
        pairs = watch(folder, TableFiles::pairs, "mappings/exemption-diagnoses.csv");
        durations = watch(folder, TableFiles::durations, "mappings/exemption-durations.csv");
        exemptServices = watch(folder, TableFiles::exemptServices, "mappings/exemption-services.csv");
        fillers = watch(folder, TableFiles::fillers, "mappings/diagnosis-fillers.csv");
        diagnoses = watch(folder, TableFiles::diagnoses, "mappings/diagnoses.csv");
        services = watch(folder, TableFiles::services, "mappings/services.csv");
        aziende = watch(folder, TableFiles::aziende, "mappings/aziende.csv");
        structures = watch(folder, TableFiles::structures, "mappings/structures.csv");
        units = watch(folder, TableFiles::units, "mappings/units.csv");
        professionals = watch(folder, TableFiles::professionals, "mappings/professionals.csv");
        regimes = watch(folder, TableFiles::regimes, "mappings/regimes.csv");
        ticketStates = watch(
                folder, f -> TableFiles.words(f, "mappings/ticket-states.csv", "title"), "mappings/ticket-states.csv");
        disciplines =
                watch(folder, f -> TableFiles.words(f, "mappings/disciplines.csv", "name"), "mappings/disciplines.csv");
        practiceSettings = watch(
                folder,
                f -> TableFiles.words(f, "mappings/practice-settings.csv", "name"),
                "mappings/practice-settings.csv");
        places = watch(folder, TableFiles::places, "mappings/comuni.csv", "mappings/provinces.csv");
        countries = watch(folder, TableFiles::countries, "mappings/countries.csv");
        regions = watch(folder, TableFiles::regions, "mappings/regions.csv");
        oids = watch(folder, TableFiles::oids, "mappings/oids.csv");
    }

    private <T> Watched<T> watch(
            ConfigFolder folder, java.util.function.Function<ConfigFolder, T> maker, String... names) {
        Watched<T> watched = new Watched<>(folder, List.of(names), maker);
        all.add(watched);
        return watched;
    }

    /**
     * Reads every table that has not been read yet.
     *
     * @throws TableException naming file, line and column of the first thing wrong
     */
    public void warm() {
        all.forEach(Watched::get);
    }

    /** Why changes to tables were not taken, one sentence each; empty when all is well. */
    public List<String> errors() {
        return all.stream()
                .map(Watched::error)
                .filter(java.util.Objects::nonNull)
                .toList();
    }

    // --- exemptions -------------------------------------------------------------------------------------------

    /** The exemption that a code or one of its aliases (002A for 0A02) names on that day. */
    public Optional<Exemption> exemption(String code, LocalDate day) {
        return exemptionRows(code).stream().filter(row -> row.validOn(day)).findFirst();
    }

    /** The exemption whatever the day: the row that ends last. */
    public Optional<Exemption> exemption(String code) {
        return exemptionRows(code).stream()
                .max(java.util.Comparator.comparing(row -> row.validTo() == null ? LocalDate.MAX : row.validTo()));
    }

    /** The whole catalogue, a code as often as it has rows. */
    public List<Exemption> exemptions() {
        return exemptions.get().rows().values().stream().flatMap(List::stream).toList();
    }

    /** The canonical code and all its aliases, when the catalogue knows it; the code itself always. */
    public Set<String> spellings(String code) {
        String key = key(code);
        Map<String, String> aliases = exemptions.get().aliases();
        String canonical =
                exemptionRows(key).stream().map(Exemption::code).findFirst().orElse(key);
        Set<String> all = new java.util.TreeSet<>(List.of(key, canonical));
        aliases.forEach((alias, of) -> {
            // what is a code itself is no other's alias
            if (of.equals(canonical) && !exemptions.get().rows().containsKey(alias)) {
                all.add(alias);
            }
        });
        return all;
    }

    /**
     * A row of the table of durations.
     *
     * @param exemption canonical code
     * @param diagnosis dotted ICD-9-CM that the diagnosis begins with; null for any
     */
    public record Lasting(String exemption, String diagnosis, ExemptionDuration duration) {}

    /**
     * The rows by which {@link #duration} decides for the exemptions that may end: those of an exemption itself, else those of
     * its family. An exemption that is not in the list never ends, or nobody knows when.
     */
    public List<Lasting> durations() {
        Map<String, Map<String, ExemptionDuration>> table = durations.get();
        Map<String, Map<String, ExemptionDuration>> byExemption = new java.util.TreeMap<>();
        exemptions.get().rows().forEach((code, rows) -> {
            Map<String, ExemptionDuration> of =
                    table.getOrDefault(code, table.getOrDefault(key(rows.get(0).family()), Map.of()));
            if (of.values().stream().anyMatch(one -> !one.unit().equals("I"))) {
                byExemption.put(code, of);
            }
        });
        return byExemption.entrySet().stream()
                .flatMap(of -> of.getValue().entrySet().stream()
                        .map(row -> new Lasting(
                                of.getKey(), row.getKey().equals("*") ? null : row.getKey(), row.getValue())))
                .toList();
    }

    private List<Exemption> exemptionRows(String code) {
        String key = key(code);
        Exemptions table = exemptions.get();
        // what is a code itself is no other's alias: C02 is an invalidity, not the old name of 0C02
        List<Exemption> own = table.rows().get(key);
        return own != null ? own : table.rows().getOrDefault(table.aliases().getOrDefault(key, key), List.of());
    }

    /** What the table of pairs says of the exemption (canonical code) and the diagnosis (either spelling). */
    public Pairing pairing(String exemption, String diagnosis) {
        Pairs table = pairs.get();
        List<Pair> listed = table.byExemption().get(key(exemption));
        if (listed == null) {
            return Pairing.UNKNOWN;
        }
        String plain = Icd9.undotted(diagnosis);
        for (Pair pair : listed) {
            if (pair.covers(plain)) {
                return Pairing.LISTED;
            }
        }
        return table.binding().contains(key(exemption)) ? Pairing.REFUSED : Pairing.NOT_LISTED;
    }

    /**
     * Default duration for the exemption (canonical code) and the diagnosis, which may be null; a row for the exemption's
     * whole family counts where the exemption has none. Empty when unknown.
     */
    public Optional<ExemptionDuration> duration(String exemption, String diagnosis) {
        Map<String, ExemptionDuration> of = durations.get().get(key(exemption));
        if (of == null) {
            of = exemption(exemption)
                    .map(known -> durations.get().get(key(known.family())))
                    .orElse(Map.of());
        }
        if (diagnosis != null) {
            String code = Icd9.dotted(diagnosis);
            for (int length = code.length(); length >= 3; length--) {
                ExemptionDuration found = of.get(code.substring(0, length));
                if (found != null) {
                    return Optional.of(found);
                }
            }
        }
        return Optional.ofNullable(of.get("*"));
    }

    /**
     * The services that are free for the exemption and the diagnosis on that day ("Elenco prestazioni esenti"): rows of the
     * diagnosis or of the category it is a subdivision of, then rows for every diagnosis. Empty when the table has none.
     *
     * @param exemption any spelling
     * @param diagnosis either spelling; null or a filler when there is none
     */
    public List<ExemptService> exemptServices(String exemption, String diagnosis, LocalDate day) {
        String code = exemption(exemption).map(Exemption::code).orElse(key(exemption));
        Map<String, List<ExemptService>> of = exemptServices.get().getOrDefault(code, Map.of());
        String asked = diagnosis == null || isFiller(diagnosis) ? "000" : Icd9.undotted(diagnosis);
        List<ExemptService> found = new ArrayList<>();
        for (int length = asked.length(); length >= 3; length--) {
            found.addAll(of.getOrDefault(asked.substring(0, length), List.of()));
        }
        found.addAll(of.getOrDefault("*", List.of()));
        return found.stream()
                .filter(row -> row.validOn(day))
                .map(this::inWords)
                .distinct()
                .toList();
    }

    private ExemptService inWords(ExemptService row) {
        if (row.title() != null) {
            return row;
        }
        String title = service(row.code()).map(Service::title).orElse(row.code());
        return new ExemptService(
                row.regional(), row.code(), title, row.classNote(), row.cyclic(), row.validFrom(), row.validTo());
    }

    // --- diagnoses --------------------------------------------------------------------------------------------

    /** Whether the code is a filler, "no diagnosis code": {@code Fnnn} or {@code 000}; never to be sent out. */
    public static boolean isFiller(String code) {
        return code != null && TableFiles.FILLER.matcher(key(code)).matches();
    }

    /** The exemptions that a filler stands for; {@code *} for any without a required diagnosis; empty when unknown. */
    public List<String> fillerExemptions(String filler) {
        return fillers.get().getOrDefault(key(filler), List.of());
    }

    /** The fillers meant for one exemption. */
    public List<String> fillersFor(String exemption) {
        return fillers.get().entrySet().stream()
                .filter(entry -> entry.getValue().contains(key(exemption)))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** A diagnosis, dotted or not. */
    public Optional<Diagnosis> diagnosis(String code) {
        return Optional.ofNullable(diagnoses.get().get(Icd9.undotted(code)));
    }

    public Collection<Diagnosis> diagnoses() {
        return diagnoses.get().values();
    }

    // --- services, regimes and other small ones ----------------------------------------------------------------

    public Optional<Service> service(String code) {
        return Optional.ofNullable(services.get().byCode().get(key(code)));
    }

    /** What stands in a document for a request that names no service. */
    public Service defaultService() {
        return services.get().standard();
    }

    public Optional<Regime> regime(String code) {
        return Optional.ofNullable(regimes.get().get(key(code)));
    }

    public Collection<Regime> regimes() {
        return regimes.get().values();
    }

    /** Words for a state of the ticket's payment. */
    public Optional<String> ticketState(String code) {
        return Optional.ofNullable(ticketStates.get().get(key(code)));
    }

    public Set<String> ticketStates() {
        return ticketStates.get().keySet();
    }

    /** Name of a hospital discipline, two digits. */
    public Optional<String> discipline(String code) {
        return Optional.ofNullable(disciplines.get().get(key(code)));
    }

    /** Name of an assetto organizzativo, {@code AD_PSCnnn}. */
    public Optional<String> practiceSetting(String code) {
        return Optional.ofNullable(practiceSettings.get().get(key(code)));
    }

    /**
     * An OID by its key in {@code oids.csv}.
     *
     * @throws TableException when the table has no such key
     */
    public String oid(String key) {
        return findOid(key).orElseThrow(() -> new TableException("mappings/oids.csv: manca la riga «" + key + "»"));
    }

    public Optional<String> findOid(String key) {
        return Optional.ofNullable(oids.get().get(key));
    }

    // --- aziende, structures, units, people --------------------------------------------------------------------

    /**
     * The azienda of today that a code names: six digits, three, "ASL 3" or "ASO 901" as in 2007, or an OID whose last
     * arc is one of these; a company that was merged gives its successor.
     */
    public Optional<Azienda> azienda(String code) {
        if (code == null) {
            return Optional.empty();
        }
        Aziende table = aziende.get();
        String key = key(code);
        Matcher numbered = TableFiles.ASL_NUMBER.matcher(key);
        if (numbered.matches()) {
            String number = numbered.group(1);
            key = number.length() == 3 ? number : "1" + "0".repeat(2 - number.length()) + number;
        }
        int arc = key.lastIndexOf('.');
        if (arc >= 0 && key.chars().allMatch(c -> c == '.' || c >= '0' && c <= '9')) {
            key = key.substring(arc + 1);
            // An arc of an OID has no leading zero.
            key = key.length() == 5 ? "0" + key : key;
        }
        return Optional.ofNullable(table.byCode().get(table.canonical().getOrDefault(key, key)));
    }

    /** Every azienda of today. */
    public Collection<Azienda> aziende() {
        return aziende.get().byCode().values();
    }

    public Optional<Structure> structure(String code) {
        return code == null
                ? Optional.empty()
                : Optional.ofNullable(structures.get().get(key(code)));
    }

    public Optional<Unit> unit(String code) {
        return code == null ? Optional.empty() : Optional.ofNullable(units.get().get(key(code)));
    }

    public Collection<Unit> units() {
        return units.get().values();
    }

    public Optional<RegisteredProfessional> professional(String fiscalCode) {
        return fiscalCode == null
                ? Optional.empty()
                : Optional.ofNullable(professionals.get().get(key(fiscalCode)));
    }

    // --- places -----------------------------------------------------------------------------------------------

    /** A municipality by its six digits. */
    public Optional<Comune> comune(String code) {
        return code == null
                ? Optional.empty()
                : Optional.ofNullable(places.get().comuni().get(key(code)));
    }

    /** A municipality by its name; of several with that name the one in the province (two letters), else none. */
    public Optional<Comune> comuneNamed(String name, String province) {
        List<Comune> found = places.get().byName().getOrDefault(fold(name), List.of());
        if (found.size() > 1 && province != null) {
            found = found.stream()
                    .filter(c -> province.equalsIgnoreCase(c.province()))
                    .toList();
        }
        return found.size() == 1 ? Optional.of(found.get(0)) : Optional.empty();
    }

    /** Two letters of a province, from them or from its name. */
    public Optional<String> province(String text) {
        return text == null
                ? Optional.empty()
                : Optional.ofNullable(places.get().provinces().get(fold(text)));
    }

    /** A state by ISTAT code (also {@code 999nnn}), ISO 3166 code or Italian name. */
    public Optional<Country> country(String text) {
        if (text == null) {
            return Optional.empty();
        }
        String key = fold(text);
        return Optional.ofNullable(
                countries.get().get(key.length() == 6 && key.startsWith("999") ? key.substring(3) : key));
    }

    /** A region by its three digits. */
    public Optional<Region> region(String code) {
        return code == null
                ? Optional.empty()
                : Optional.ofNullable(regions.get().get(key(code)));
    }
}
