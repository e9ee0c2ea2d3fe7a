package it.snodo.simulator;

import org.springframework.boot.context.event.ApplicationStartedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;

/** Starts the simulators in {@code demo}, before the hub's own routes and until after they have stopped. */
@Configuration(proxyBeanMethods = false)
@Profile("demo")
class SimulatorConfiguration {

    @Bean(destroyMethod = "close")
    Simulators simulators(SimulatorSettings settings) {
        return new Simulators(settings);
    }

    @Bean
    ApplicationListener<ApplicationStartedEvent> simulatorsWarmUp(Simulators simulators) {
        return started -> simulators.warm();
    }

    @Bean
    SmartLifecycle simulatorLifecycle(Simulators simulators) {
        return new SmartLifecycle() {
            @Override
            public void start() {
                simulators.start();
            }

            @Override
            public void stop() {
                simulators.close();
            }

            @Override
            public boolean isRunning() {
                return simulators.isRunning();
            }

            @Override
            public int getPhase() {
                return Integer.MIN_VALUE + 100;
            }
        };
    }
}
