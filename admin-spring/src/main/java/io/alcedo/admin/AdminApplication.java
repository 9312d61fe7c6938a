package io.alcedo.admin;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.scheduling.annotation.EnableScheduling;

/** The service behind the console. */
@SpringBootApplication
@ConfigurationPropertiesScan
@EnableScheduling
public class AdminApplication {
    /** Starts it; {@code docs/guide/admin.md} lists what can be set. */
    public static void main(String[] arguments) {
        SpringApplication service = new SpringApplication(AdminApplication.class);
        service.addListeners(new PrivateFolder());
        service.run(arguments);
    }
}
