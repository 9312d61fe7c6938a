package io.alcedo.admin.match;

import io.alcedo.admin.intake.GroupCommit;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.PlatformTransactionManager;

/** The one writer of matches. */
@Configuration
class MatchConfig {
    @Bean
    GroupCommit<Match> matchWriter(MatchTable table, PlatformTransactionManager transactions) {
        return new GroupCommit<>("match-writer", table, transactions);
    }
}
