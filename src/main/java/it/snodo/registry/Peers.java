package it.snodo.registry;

import it.snodo.config.ConfigFolder;
import it.snodo.config.Watched;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import org.springframework.stereotype.Component;

/**
 * Who may send over MLLP, and as whom: {@code mappings/peers.csv}. While the table has no row, anybody may send as
 * anybody.
 */
@Component
public class Peers {

    private static final String FILE = "mappings/peers.csv";
    /** Digits, dots, colons and hexadecimal letters: never a name, which would be asked of a name server. */
    private static final Pattern ADDRESS = Pattern.compile("([0-9A-Fa-f.:]+)(?:/([0-9]{1,3}))?");

    private final Watched<List<Peer>> table;

    public Peers(ConfigFolder folder) {
        table = new Watched<>(folder, List.of(FILE), Peers::read);
    }

    /** Whether nobody is kept out. */
    public boolean isOpen() {
        return table.get().isEmpty();
    }

    /** The rows that a connection meets; several when one system stands for many. */
    public List<Peer> at(InetAddress address, String subject) {
        return table.get().stream().filter(peer -> peer.isAt(address, subject)).toList();
    }

    private static List<Peer> read(ConfigFolder folder) {
        List<Peer> peers = new ArrayList<>();
        Csv.read(folder, FILE, row -> peers.add(peer(row)));
        return List.copyOf(peers);
    }

    private static Peer peer(Csv.Row row) {
        String address = row.get("address");
        InetAddress network = null;
        int prefix = 0;
        if (address != null) {
            var match = ADDRESS.matcher(row.need("address", ADDRESS));
            match.matches();
            network = address(row, match.group(1));
            int bits = network.getAddress().length * 8;
            prefix = match.group(2) == null ? bits : Integer.parseInt(match.group(2));
            if (prefix > bits) {
                throw row.wrong("address", "«" + address + "» non è una rete");
            }
        }
        String unwrapped = row.get("unwrapped_batches");
        return new Peer(
                row.need("name"),
                network,
                prefix,
                row.get("certificate"),
                list(row.get("application")),
                list(row.get("facility")),
                charset(row),
                unwrapped == null ? null : row.flag("unwrapped_batches"));
    }

    private static InetAddress address(Csv.Row row, String text) {
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            throw row.wrong("address", "«" + text + "» non è un indirizzo IP");
        }
    }

    private static Charset charset(Csv.Row row) {
        String name = row.get("charset");
        try {
            return name == null ? null : Charset.forName(name);
        } catch (IllegalArgumentException e) {
            throw row.wrong("charset", "«" + name + "» non è un set di caratteri noto");
        }
    }

    private static List<String> list(String cell) {
        return cell == null
                ? List.of()
                : Arrays.stream(cell.split(";"))
                        .map(String::strip)
                        .filter(each -> !each.isEmpty())
                        .toList();
    }

    /** The common name in a subject as RFC 2253 writes it; empty when there is none. */
    static String commonName(String subject) {
        try {
            for (Rdn part : new LdapName(subject).getRdns()) {
                if (part.getType().equalsIgnoreCase("CN")) {
                    return String.valueOf(part.getValue());
                }
            }
        } catch (InvalidNameException e) {
            return "";
        }
        return "";
    }
}
