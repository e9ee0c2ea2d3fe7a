package it.snodo.messages;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PinMaskTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "MSH|^~\\&|A\rOBX|1|ST|PIN^PIN^99SNODO||48151||||||F\rNTE|1||x\r",
                "MSH|^~\\&|A\nOBX|1|ST|PIN||48151\nOBX|2|ST|X||1",
                "MSH#^~\\&#A\rOBX#1#ST#PIN^PIN^99SNODO##48151######F\r",
                "BHS|^~\\&|A\rMSH|^~\\&|A\rOBX|1|ST|PIN^^99SNODO||48151||||||F\r",
                "{\"onlineCollection\":{\"requested\":true,\"pin\" : \"48151\"}}",
                "{\"codicePin\":\"48151\",\"a\":1}",
                "<onlineCollection><pin>48151</pin></onlineCollection>",
                "{\"url\":\"pin\",\"valueString\":\"48151\"}",
                "{\"valueString\": \"48151\", \"url\": \"pin\"}",
                "<extension url=\"pin\"><valueString value=\"48151\"/></extension>"
            })
    void the_PIN_is_blackened_wherever_it_stands_and_nothing_else_is_touched(String message) {
        String masked = new String(PinMask.masked(message.getBytes(StandardCharsets.UTF_8)), StandardCharsets.UTF_8);

        assertThat(masked).isEqualTo(message.replace("48151", "*****"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"MSH|^~\\&|A\rOBX|1|ST|PINEALE^x^LN||48151||||||F\r", "{\"pinza\":\"48151\"}", "OBX|1|ST|X||è"})
    void what_is_no_PIN_is_left_alone(String message) {
        byte[] raw = message.getBytes(StandardCharsets.UTF_8);

        assertThat(PinMask.masked(raw)).isEqualTo(raw);
    }
}
