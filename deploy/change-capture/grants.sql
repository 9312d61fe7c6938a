-- What change capture may do. Put a password of your own and the hosts that it connects from.
CREATE USER 'cdc'@'%' IDENTIFIED BY 'change-me';
-- The binary log, for both; `SHOW MASTER STATUS` for Canal.
GRANT REPLICATION SLAVE, BINLOG MONITOR ON *.* TO 'cdc'@'%';
-- Debezium's first copy of the table holds a global read lock for a moment, so that rows and position fit together.
GRANT RELOAD, SHOW DATABASES ON *.* TO 'cdc'@'%';
GRANT SELECT ON alcedo.* TO 'cdc'@'%';
