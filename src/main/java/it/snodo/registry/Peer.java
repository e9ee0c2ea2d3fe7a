package it.snodo.registry;

import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.charset.Charset;
import java.util.List;

/**
 * A system that may send over MLLP: a row of {@code mappings/peers.csv}. An empty condition is met by all.
 *
 * @param name what people call it
 * @param network address or network (CIDR) it comes from; null any
 * @param prefix leading bits of {@code network} that count
 * @param certificate common name or whole subject of its client certificate; null any or none
 * @param applications what it may write in MSH-3.1; empty anything
 * @param facilities what it may write in MSH-4.1 or MSH-4.2; empty anything
 * @param charset what it writes when MSH-18 is empty or wrong; null as configured
 * @param unwrappedBatches whether it may send several MSH in a frame without BHS; null as configured
 */
public record Peer(
        String name,
        InetAddress network,
        int prefix,
        String certificate,
        List<String> applications,
        List<String> facilities,
        Charset charset,
        Boolean unwrappedBatches) {

    /** Whether a connection from that address, with that certificate, is this peer's. */
    boolean isAt(InetAddress address, String subject) {
        return (network == null || isWithin(address)) && (certificate == null || subject != null && isNamed(subject));
    }

    private boolean isWithin(InetAddress address) {
        byte[] own = network.getAddress();
        byte[] other = address == null ? new byte[0] : address.getAddress();
        int rest = own.length * 8 - prefix;
        return own.length == other.length
                && new BigInteger(1, own).shiftRight(rest).equals(new BigInteger(1, other).shiftRight(rest));
    }

    private boolean isNamed(String subject) {
        return subject.equalsIgnoreCase(certificate) || certificate.equalsIgnoreCase(Peers.commonName(subject));
    }

    /** Whether it may send as that application and facility (name or code; either may be null). */
    public boolean maySendAs(String application, String facility, String facilityCode) {
        return (applications.isEmpty() || contains(applications, application))
                && (facilities.isEmpty() || contains(facilities, facility) || contains(facilities, facilityCode));
    }

    private static boolean contains(List<String> allowed, String value) {
        return value != null && allowed.stream().anyMatch(each -> each.equalsIgnoreCase(value.strip()));
    }
}
