package it.snodo.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.text.PDFTextStripper;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The paper of a booking that stands, over HTTP. */
class PromemoriaPrintTest {

    private static final RunningHub HUB = RunningHub.get();
    /** A machine that stands still for a while makes CUPs miss their deadlines: then another person books. */
    private static final int TRIES = 5;

    @Test
    void who_says_whose_the_booking_is_gets_its_promemoria_and_leaves_a_line_in_the_audit() throws Exception {
        BookingSample sample = null;
        HttpResponse<byte[]> booked = null;
        for (int i = 0; i < TRIES && (booked == null || booked.statusCode() != 201); i++) {
            sample = new BookingSample().with("");
            booked = HUB.post("/api/v1/bookings", "cup", "application/json", sample.json());
        }
        assertThat(booked.statusCode()).as(Outside.text(booked)).isEqualTo(201);
        String code = HUB.read(booked).at("/booking/code").asText();
        String person = sample.tree.at("/patient/fiscalCode").asText();

        HttpResponse<byte[]> printed = HUB.get("/api/v1/bookings/" + code + "/promemoria?fiscalCode=" + person, "cup");

        assertThat(printed.statusCode()).as(code).isEqualTo(200);
        assertThat(printed.headers().firstValue("Content-Type")).contains("application/pdf");
        assertThat(printed.headers().firstValue("Content-Disposition").orElse(""))
                .contains("promemoria-" + code + ".pdf");
        assertThat(new String(printed.body(), 0, 5, StandardCharsets.US_ASCII)).isEqualTo("%PDF-");
        try (var pdf = Loader.loadPDF(printed.body())) {
            assertThat(new PDFTextStripper().getText(pdf)).contains(code);
        }
        assertThat(HUB.context
                        .getBean(JdbcClient.class)
                        .sql("select count(*) from audit where action = 'PRINT_PROMEMORIA' and outcome = 'OK'"
                                + " and object = ? and subject = ?")
                        .params("booking " + code, person)
                        .query(Long.class)
                        .single())
                .isEqualTo(1);
    }
}
