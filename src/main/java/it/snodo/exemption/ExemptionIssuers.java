package it.snodo.exemption;

import it.snodo.config.ConfigFolder;
import it.snodo.config.Watched;
import it.snodo.registry.Csv;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.springframework.stereotype.Component;

/**
 * The doctors enabled to issue exemptions by themselves ("crea e valida"), of {@code mappings/exemption-issuers.csv}: codice
 * fiscale, or {@code *} for every doctor of that ASL; the ASL whose residents they issue for; from and to which day.
 */
@Component
public class ExemptionIssuers {

    private static final String FILE = "mappings/exemption-issuers.csv";
    private static final String EVERY_DOCTOR = "*";
    private static final Pattern DOCTOR = Pattern.compile("\\*|[A-Za-z0-9]{16}");
    private static final Pattern ASL = Pattern.compile("\\d{6}");

    private record Row(String doctor, String asl, LocalDate from, LocalDate to) {

        boolean holdsOn(LocalDate day) {
            return (from == null || !day.isBefore(from)) && (to == null || !day.isAfter(to));
        }
    }

    private final Watched<List<Row>> rows;

    public ExemptionIssuers(ConfigFolder folder) {
        rows = new Watched<>(folder, List.of(FILE), ExemptionIssuers::read);
    }

    private static List<Row> read(ConfigFolder folder) {
        List<Row> rows = new ArrayList<>();
        Csv.read(
                folder,
                FILE,
                row -> rows.add(new Row(
                        row.need("fiscal_code", DOCTOR).toUpperCase(Locale.ROOT),
                        row.need("asl", ASL),
                        row.date("valid_from"),
                        row.date("valid_to"))));
        return List.copyOf(rows);
    }

    /**
     * @param doctorsAsl six digits of the ASL the doctor works in; null when he works in none or it is not known
     * @return six digits of the ASLs for whose residents he may issue on that day
     */
    public List<String> aslsOf(String doctor, String doctorsAsl, LocalDate day) {
        return rows.get().stream()
                .filter(row -> row.holdsOn(day))
                .filter(row -> row.doctor.equals(EVERY_DOCTOR)
                        ? row.asl.equals(doctorsAsl)
                        : row.doctor.equalsIgnoreCase(doctor))
                .map(Row::asl)
                .distinct()
                .toList();
    }
}
