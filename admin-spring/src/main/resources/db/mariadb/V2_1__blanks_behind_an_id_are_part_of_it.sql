-- MariaDB and MySQL: utf8mb4_bin takes "u1" and "u1 " for one id, and one user would see the other's events and matches.
-- To H2 they are two, as to the engine. The collation that keeps them apart has another name on each of the two.
SET @collation = IF(VERSION() LIKE '%MariaDB%', 'utf8mb4_nopad_bin', 'utf8mb4_0900_bin');
SET @type = CONCAT('MODIFY user_id VARCHAR(128) CHARACTER SET utf8mb4 COLLATE ', @collation, ' NOT NULL');
SET @change = CONCAT('ALTER TABLE rule_match ', @type);
PREPARE change_it FROM @change;
EXECUTE change_it;
SET @change = CONCAT('ALTER TABLE recent_event ', @type);
PREPARE change_it FROM @change;
EXECUTE change_it;
SET @change = CONCAT('ALTER TABLE user_tags ', @type);
PREPARE change_it FROM @change;
EXECUTE change_it;
DEALLOCATE PREPARE change_it;
