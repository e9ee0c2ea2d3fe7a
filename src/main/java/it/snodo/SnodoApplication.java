package it.snodo;

import it.snodo.document.ValidateCommand;
import java.util.Arrays;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/** Starts the hub, or checks documents from the command line when the first argument is {@code validate}. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class SnodoApplication {

    public static void main(String[] args) {
        if (SnodoApplication.class.getResource("/org/springframework/boot/SpringApplication.class") == null) {
            System.err.println("Accanto a snodo.jar manca la cartella lib con le librerie: copiare anche quella."
                    + " / The folder lib is missing beside snodo.jar.");
            System.exit(1);
        }
        if (args.length > 0 && args[0].equals("validate")) {
            System.exit(ValidateCommand.run(Arrays.copyOfRange(args, 1, args.length), System.out, System.err));
        }
        HeadStart.begin();
        SpringApplication.run(SnodoApplication.class, args);
    }
}
