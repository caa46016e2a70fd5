-- A database as schema 2 kept it, told by the sqlite3 shell (.dump): 51 entries of the made-up station of the tests.
-- People, rooms and organisations, custody with acceptances and due dates, receipts, corrections, counts, the
-- second of them open; contact data of one holder kept, of another erased. Never edit it.
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE schema_migrations(
    number INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    sha256 TEXT NOT NULL
) STRICT;
INSERT INTO schema_migrations VALUES(1,'0001_first.sql','6c7f1256ba72dd7f8775fc241bbfd921de4f3eb9db74b496eb9a458b6140dff1');
INSERT INTO schema_migrations VALUES(2,'0002_custody.sql','6f2256d1bba19cc721c745c5ccc1e306f0392cc82c5e4816c54c11305e85cdd6');
CREATE TABLE station(
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    station TEXT NOT NULL,
    timezone TEXT NOT NULL,
    public_key TEXT NOT NULL CHECK (length(public_key) = 64)
) STRICT;
INSERT INTO station VALUES(1,'assettrack-test0001','Europe/Berlin','8a88e3dd7409f195fd52db2d3cba5d72ca6709bf1d94121bf3748801b40f6f5c');
CREATE TABLE holders(
    holder_id INTEGER PRIMARY KEY CHECK (holder_id > 0),
    name TEXT NOT NULL CHECK (length(name) > 0),
    name_key TEXT NOT NULL UNIQUE CHECK (length(name_key) > 0)
, organisation_id INTEGER NOT NULL DEFAULT 1 CHECK (organisation_id > 0), identifier TEXT CHECK (length(identifier) > 0), active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1))) STRICT;
INSERT INTO holders VALUES(1,'Jane Smith','jane smith',1,NULL,1);
INSERT INTO holders VALUES(2,'Zoë Quill','zoë quill',1,NULL,0);
INSERT INTO holders VALUES(3,'Bob Lee','bob lee',1,NULL,1);
INSERT INTO holders VALUES(4,'Cy Young','cy young',2,'S-7',1);
CREATE TABLE cases(
    case_name TEXT PRIMARY KEY CHECK (
        case_name GLOB '[A-Z0-9]*' AND case_name NOT GLOB '*[^A-Z0-9 _-]*' AND case_name NOT GLOB '* '
        AND length(CAST(case_name AS BLOB)) BETWEEN 1 AND 30 AND length(case_name) = length(CAST(case_name AS BLOB))
        AND case_name <> 'OUT'
    ),
    slots INTEGER NOT NULL CHECK (slots BETWEEN 1 AND 500)
) STRICT, WITHOUT ROWID;
INSERT INTO cases VALUES('C1',3);
INSERT INTO cases VALUES('C2',1);
CREATE TABLE assets(
    asset_tag TEXT PRIMARY KEY CHECK (
        asset_tag GLOB '[A-Z0-9]*' AND asset_tag NOT GLOB '*[^A-Z0-9-]*'
        AND length(CAST(asset_tag AS BLOB)) BETWEEN 1 AND 30 AND length(asset_tag) = length(CAST(asset_tag AS BLOB))
        AND asset_tag <> 'OUT'
    ),
    status TEXT NOT NULL CHECK (status IN ('STORAGE', 'IN_CUSTODY', 'RETIRED')),
    holder_id INTEGER REFERENCES holders(holder_id),
    equipment_type TEXT NOT NULL CHECK (length(equipment_type) > 0),
    building_room TEXT,
    serial_number TEXT,
    manufacturer TEXT,
    model TEXT,
    model_code TEXT,
    latest_at TEXT NOT NULL CHECK (length(latest_at) = 27), due_on TEXT CHECK (due_on IS NULL OR (status = 'IN_CUSTODY' AND length(due_on) = 10)), custody_seq INTEGER CHECK (custody_seq IS NULL OR status = 'IN_CUSTODY'), home_case TEXT CHECK (home_case IS NULL OR status = 'IN_CUSTODY'), home_position INTEGER CHECK ((home_position IS NULL) = (home_case IS NULL)),
    CHECK ((status = 'IN_CUSTODY') = (holder_id IS NOT NULL))
) STRICT, WITHOUT ROWID;
INSERT INTO assets VALUES('A1','STORAGE',NULL,'laptop',NULL,NULL,NULL,NULL,NULL,'2026-07-01T10:09:00.000000Z',NULL,NULL,NULL,NULL);
INSERT INTO assets VALUES('A2','STORAGE',NULL,'laptop',NULL,NULL,NULL,NULL,NULL,'2026-07-01T12:00:08.000000Z',NULL,NULL,NULL,NULL);
INSERT INTO assets VALUES('A3','RETIRED',NULL,'laptop',NULL,NULL,NULL,NULL,NULL,'2026-07-01T10:06:00.000000Z',NULL,NULL,NULL,NULL);
INSERT INTO assets VALUES('A4','IN_CUSTODY',1,'laptop',NULL,NULL,NULL,NULL,NULL,'2026-07-01T10:07:00.000000Z',NULL,21,NULL,NULL);
INSERT INTO assets VALUES('A5','IN_CUSTODY',4,'laptop',NULL,NULL,NULL,NULL,NULL,'2026-07-01T12:00:28.000000Z','2026-10-01',40,'C1',2);
CREATE TABLE slots(
    case_name TEXT NOT NULL REFERENCES cases(case_name),
    slot_position INTEGER NOT NULL CHECK (slot_position BETWEEN 1 AND 500),
    current_asset_tag TEXT REFERENCES assets(asset_tag),
    PRIMARY KEY (case_name, slot_position)
) STRICT, WITHOUT ROWID;
INSERT INTO slots VALUES('C1',1,'A2');
INSERT INTO slots VALUES('C1',2,NULL);
INSERT INTO slots VALUES('C1',3,'A1');
INSERT INTO slots VALUES('C2',1,NULL);
CREATE TABLE audit_log(
    seq INTEGER PRIMARY KEY CHECK (seq > 0),
    batch_id INTEGER,
    asset_tag TEXT,
    identity BLOB CHECK (length(identity) = 32),
    leaf BLOB NOT NULL CHECK (length(leaf) = 32),
    body TEXT NOT NULL,
    CHECK (identity IS NULL OR (asset_tag IS NOT NULL AND batch_id IS NOT NULL))
) STRICT;
INSERT INTO audit_log VALUES(1,NULL,NULL,NULL,X'4d81074304ba1901fe76bc80be2bab5c2c3a3dd24f3b411a42398639466d66b9','{"event_type":"STATION","operator":"Tess Custodian","public_key":"8a88e3dd7409f195fd52db2d3cba5d72ca6709bf1d94121bf3748801b40f6f5c","recorded_at":"2026-03-02T09:30:00.000000Z","seq":1,"station":"assettrack-test0001","timezone":"Europe/Berlin","version":"0.0-test"}');
INSERT INTO audit_log VALUES(2,NULL,NULL,NULL,X'aa065e434649355fefa8a0f0e70218a11d7c894d82b0a2892854122a68d5300b','{"case_name":"C1","event_type":"CASE","operator":"gcurl","recorded_at":"2026-07-01T12:00:01.000000Z","seq":2,"slots":3,"version":"0.0-test"}');
INSERT INTO audit_log VALUES(3,NULL,NULL,NULL,X'712b418f53d98944928bd8dc756fb8d22a42965abcae2faa70e950a740be29fa','{"case_name":"C2","event_type":"CASE","operator":"gcurl","recorded_at":"2026-07-01T12:00:01.000000Z","seq":3,"slots":1,"version":"0.0-test"}');
INSERT INTO audit_log VALUES(4,NULL,NULL,NULL,X'5279b812c1d13cdd7cdbb766ec9d1d45be2225e53bf1076bc1608a2ce05535b9','{"event_type":"HOLDER","holder_id":1,"name":"Jane Smith","operator":"gcurl","recorded_at":"2026-07-01T12:00:02.000000Z","seq":4,"version":"0.0-test"}');
INSERT INTO audit_log VALUES(5,NULL,NULL,NULL,X'cc12015592f2720e107384ed6dfc1b7a5b95ea771b05d3cd8569f7e68002e34f','{"event_type":"HOLDER","holder_id":2,"name":"Zoë Quill","operator":"gcurl","recorded_at":"2026-07-01T12:00:03.000000Z","seq":5,"version":"0.0-test"}');
INSERT INTO audit_log VALUES(6,1,NULL,NULL,X'1c700309570620b9a8618a5835cd683fbb55e38589a1dfb8bfa19ee1dcb412b9','{"batch_id":1,"event_type":"BATCH","new_holders":1,"operator":"gcurl","options":{"new_holders":true},"recorded_at":"2026-07-01T12:00:05.000000Z","rows":4,"seq":6,"source_name":"scans.csv","source_sha256":"457759cc03ed22782512c7cb3cb8155ed838234c158e8e93aaa115f293fca515","version":"0.0-test"}');
INSERT INTO audit_log VALUES(7,1,NULL,NULL,X'b468843c53dde60f1b96f8e1efd9ce7f97962c441f18efc7ba24bdea60f2ac29','{"batch_id":1,"event_type":"HOLDER","holder_id":3,"name":"Bob Lee","operator":"gcurl","recorded_at":"2026-07-01T12:00:05.000000Z","seq":7,"version":"0.0-test"}');
INSERT INTO audit_log VALUES(8,1,'A1',X'5b35a19d218cadb9d531907b6b894d1757d7688d83897a47e382785fa675d12c',X'a638d3d1a1e940c6b55852082e9620c42e13ca8e6d55e84dfef1f3f594f88d8f','{"after":{"case_name":"C1","equipment_type":"laptop","holder":null,"slot_position":1,"status":"STORAGE"},"asset_tag":"A1","batch_id":1,"before":null,"case_number":"C1","equipment_type":"laptop","event_type":"SCAN","occurred_at":"2026-07-01T10:00:00.000000Z","operator_id":"gcurl","row_number":1,"seq":8,"slot_number":1,"timestamp":"2026-07-01T10:00Z"}');
INSERT INTO audit_log VALUES(9,1,'A2',X'b21ba0d6978ad9d61d02adf9d88cb36fdbd84b88d6eb900758f9d5552dfb2480',X'59606e97a364c08c0e2bffe76863bb9b9faee0aa6d479ef4fc06acf58d917edf','{"after":{"case_name":null,"equipment_type":"laptop","holder":null,"slot_position":null,"status":"STORAGE"},"asset_tag":"A2","batch_id":1,"before":null,"equipment_type":"laptop","event_type":"SCAN","notes":"dented","occurred_at":"2026-07-01T10:00:00.000000Z","operator_id":"gcurl","row_number":2,"seq":9,"timestamp":"2026-07-01T10:00Z"}');
INSERT INTO audit_log VALUES(10,1,'A1',X'3eee377a74665c6313bb6a9081e51720cc65cac3f3780e12e74632d3e34f69df',X'7a4d659ebb18e742ca70928caac02e6228bd3a7a99ea5ffbe6840b15ac06dee1','{"after":{"case_name":null,"equipment_type":"laptop","holder":"Bob Lee","slot_position":null,"status":"IN_CUSTODY"},"asset_tag":"A1","batch_id":1,"before":{"case_name":"C1","equipment_type":"laptop","holder":null,"slot_position":1,"status":"STORAGE"},"case_number":"OUT","event_type":"ISSUE","holder_id":3,"issued_to_name":"Bob Lee","occurred_at":"2026-07-01T10:01:00.000000Z","operator_id":"gcurl","row_number":3,"seq":10,"slot_number":"OUT","timestamp":"2026-07-01T10:01Z"}');
INSERT INTO audit_log VALUES(11,1,'A1',X'a0e3ba5fe762a3eb673689edfeced1db61dc8869fae6c1930c286a67235a44d0',X'f02a7097b385abe4dd0ba28f99bf3285268f84cff8c70e29a62d364a77e3d7e7','{"after":{"case_name":null,"equipment_type":"laptop","holder":"Bob Lee","slot_position":null,"status":"IN_CUSTODY"},"asset_tag":"A1","batch_id":1,"before":{"case_name":null,"equipment_type":"laptop","holder":"Bob Lee","slot_position":null,"status":"IN_CUSTODY"},"equipment_type":"laptop","event_type":"SCAN","holder_id":3,"occurred_at":"2026-07-01T10:02:00.000000Z","operator_id":"gcurl","row_number":4,"seq":11,"timestamp":"2026-07-01T10:02Z"}');
INSERT INTO audit_log VALUES(12,NULL,'A2',NULL,X'32954d7644ba658f8f149bb4072bc2113e60e4541612be2555f97e1e97294f8c','{"after":{"case_name":"C1","equipment_type":"laptop","holder":null,"slot_position":2,"status":"STORAGE"},"asset_tag":"A2","before":{"case_name":null,"equipment_type":"laptop","holder":null,"slot_position":null,"status":"STORAGE"},"event_type":"SLOT_ASSIGN","occurred_at":"2026-07-01T12:00:06.000000Z","operator":"gcurl","recorded_at":"2026-07-01T12:00:06.000000Z","seq":12,"version":"0.0-test"}');
INSERT INTO audit_log VALUES(13,NULL,'A2',NULL,X'9ef329b98e4f6ae0d27a3cc47bd4451931553c61c01a235244b195d1e1bb0900','{"after":{"case_name":"C2","equipment_type":"laptop","holder":null,"slot_position":1,"status":"STORAGE"},"asset_tag":"A2","before":{"case_name":"C1","equipment_type":"laptop","holder":null,"slot_position":2,"status":"STORAGE"},"event_type":"SLOT_MOVE","occurred_at":"2026-07-01T12:00:07.000000Z","operator":"gcurl","recorded_at":"2026-07-01T12:00:07.000000Z","seq":13,"version":"0.0-test"}');
INSERT INTO audit_log VALUES(14,NULL,'A2',NULL,X'825a4e189eec53c240d445de8d8e81102440e764783a1ef009ce3afd513aa10c','{"after":{"case_name":null,"equipment_type":"laptop","holder":null,"slot_position":null,"status":"STORAGE"},"asset_tag":"A2","before":{"case_name":"C2","equipment_type":"laptop","holder":null,"slot_position":1,"status":"STORAGE"},"event_type":"SLOT_VACATE","occurred_at":"2026-07-01T12:00:08.000000Z","operator":"gcurl","reason":"sold","recorded_at":"2026-07-01T12:00:08.000000Z","seq":14,"version":"0.0-test"}');
INSERT INTO audit_log VALUES(15,2,NULL,NULL,X'5b3193081a01fd0ed4e42f03d68dd00a7141393abbe37fb2cdf84395adccbc0e','{"batch_id":2,"event_type":"BATCH","operator":"gcurl","options":{"late_reason":"forgotten"},"recorded_at":"2026-07-01T12:00:10.000000Z","rows":6,"seq":15,"source_name":"scans.csv","source_sha256":"4118a0390d5789e2db72e46231f769ba6391c70437da54a93389ea28a987ce6b","version":"0.0-test"}');
INSERT INTO audit_log VALUES(16,2,'A1',X'f829394914097b67d7a9008cbd3c24126c4c667752ca19d9db8ee2128ef05d90',X'e3d57ee93e20bcc1515fc57a8b6ef66baaaec82ad30091e6bbf1f0f16fedf336','{"after":{"case_name":"C1","equipment_type":"laptop","holder":null,"slot_position":3,"status":"STORAGE"},"asset_tag":"A1","batch_id":2,"before":{"case_name":null,"equipment_type":"laptop","holder":"Bob Lee","slot_position":null,"status":"IN_CUSTODY"},"case_number":"C1","event_type":"RETURN","holder_id":3,"late_reason":"forgotten","occurred_at":"2026-07-01T10:01:00.000000Z","operator_id":"gcurl","row_number":1,"seq":16,"slot_number":3,"timestamp":"2026-07-01T10:01Z"}');
INSERT INTO audit_log VALUES(17,2,'A2',X'ff4c06ae9dd7f71e018730cf5dd59df41f976feb9856c27075af8afd58a20921',X'63845a6e28372bd7cf28c19618bd47798cd5c50df3e87faab86c5ae57a42f2c3','{"after":{"case_name":"C1","equipment_type":"laptop","holder":null,"slot_position":1,"status":"STORAGE"},"asset_tag":"A2","batch_id":2,"before":{"case_name":null,"equipment_type":"laptop","holder":null,"slot_position":null,"status":"STORAGE"},"case_number":"C1","event_type":"UPDATE","late_reason":"forgotten","occurred_at":"2026-07-01T10:05:00.000000Z","operator_id":"gcurl","row_number":2,"seq":17,"slot_number":1,"timestamp":"2026-07-01T10:05Z"}');
INSERT INTO audit_log VALUES(18,2,'A3',X'5c648c183303e207a9f1f927f4ac6a6705bee400c9a3391372e1fe378e762e50',X'ff3dd5b2c65c13d4fccb337589bcd33f990b537303ac0c5a19c9a446fb826a1e','{"after":{"case_name":null,"equipment_type":"laptop","holder":null,"slot_position":null,"status":"STORAGE"},"asset_tag":"A3","batch_id":2,"before":null,"equipment_type":"laptop","event_type":"SCAN","occurred_at":"2026-07-01T10:05:00.000000Z","operator_id":"gcurl","row_number":3,"seq":18,"timestamp":"2026-07-01T10:05Z"}');
INSERT INTO audit_log VALUES(19,2,'A3',X'4afdca5415f383c3ad592ac53d70c3eca99f5106534a3798662f5065b75e804b',X'ace174f6cc4b53b39bdac9e2c5e59d28a193b30269a84d4396e69f450c932e9c','{"after":{"case_name":null,"equipment_type":"laptop","holder":null,"slot_position":null,"status":"RETIRED"},"asset_tag":"A3","batch_id":2,"before":{"case_name":null,"equipment_type":"laptop","holder":null,"slot_position":null,"status":"STORAGE"},"event_type":"RETIRE","notes":"worn","occurred_at":"2026-07-01T10:06:00.000000Z","operator_id":"gcurl","row_number":4,"seq":19,"timestamp":"2026-07-01T10:06Z"}');
INSERT INTO audit_log VALUES(20,2,'A4',X'eea2b6192fceb1cb443420daaee3a25f4d671725040896991a83a60dbd9d0541',X'5bb82e51e3605373a44a1fcb448d46a587f1589657b096ebbec8fe00faadb494','{"after":{"case_name":null,"equipment_type":"laptop","holder":null,"slot_position":null,"status":"STORAGE"},"asset_tag":"A4","batch_id":2,"before":null,"equipment_type":"laptop","event_type":"SCAN","occurred_at":"2026-07-01T10:05:00.000000Z","operator_id":"gcurl","row_number":5,"seq":20,"timestamp":"2026-07-01T10:05Z"}');
INSERT INTO audit_log VALUES(21,2,'A4',X'5869698e546e5520fc26969cc65dfb3c59ad4bbbecd6b05c683c259956016571',X'e1ebbfe3dad20fac73ef400db88e3fb8c52e2a6638b14ca448c28b83916096b6','{"after":{"case_name":null,"equipment_type":"laptop","holder":"Jane Smith","slot_position":null,"status":"IN_CUSTODY"},"asset_tag":"A4","batch_id":2,"before":{"case_name":null,"equipment_type":"laptop","holder":null,"slot_position":null,"status":"STORAGE"},"case_number":"OUT","event_type":"ISSUE","holder_id":1,"issued_to_name":"Jane Smith","occurred_at":"2026-07-01T10:07:00.000000Z","operator_id":"gcurl","row_number":6,"seq":21,"slot_number":"OUT","timestamp":"2026-07-01T10:07Z"}');
INSERT INTO audit_log VALUES(22,NULL,NULL,NULL,X'1a16c8cfe3042accabdde799e1242db88637a54391ec3fbaa7bf8b760309c758','{"event_type":"ORGANISATION","name":"Acme","operator":"gcurl","organisation_id":2,"recorded_at":"2026-07-01T12:00:11.000000Z","seq":22,"version":"0.0-test"}');
INSERT INTO audit_log VALUES(23,NULL,NULL,NULL,X'f8d84518e3e82470174fb68849e6124ae5a593c2be1610915c34edd779e0575a','{"building":"B1","event_type":"BUILDING","operator":"gcurl","recorded_at":"2026-07-01T12:00:12.000000Z","seq":23,"version":"0.0-test"}');
INSERT INTO audit_log VALUES(24,NULL,NULL,NULL,X'e0b0661e837c4dc8025a1097c3641548b71c62215d8bc92a10162b9c90873079','{"building":"B1","event_type":"ROOM","operator":"gcurl","recorded_at":"2026-07-01T12:00:13.000000Z","room":"B1-101","seq":24,"version":"0.0-test"}');
INSERT INTO audit_log VALUES(25,NULL,NULL,NULL,X'1e5e603a5c603649d14617d1afc3b3859bcf9f57eac6408bd67423dd3b420c4e','{"allowed":true,"building":"B1","event_type":"BUILDING_USE","operator":"gcurl","organisation":"Acme","organisation_id":2,"recorded_at":"2026-07-01T12:00:14.000000Z","seq":25,"version":"0.0-test"}');
INSERT INTO audit_log VALUES(26,NULL,NULL,NULL,X'3906b9a3c2be04ed53548028cd87c5827cde3dd186f56996cdb195e9339df2f6','{"event_type":"HOLDER","holder_id":4,"identifier":"S-7","name":"Cy Young","operator":"gcurl","organisation_id":2,"recorded_at":"2026-07-01T12:00:15.000000Z","seq":26,"version":"0.0-test"}');
INSERT INTO audit_log VALUES(27,NULL,NULL,NULL,X'fa6deedaa2cf9082beb7fdf72d693f20e5f5eb771b399545eb9f8a8d05fcd32d','{"after":{"active":false,"name":"Zoë Quill"},"before":{"name":"Zoë Quill"},"event_type":"HOLDER_CHANGE","holder_id":2,"operator":"gcurl","recorded_at":"2026-07-01T12:00:16.000000Z","seq":27,"version":"0.0-test"}');
INSERT INTO audit_log VALUES(28,NULL,NULL,NULL,X'666942845ece98925cd9a54db87467fbf532bede08d37b1a782a1fe2c52d3b2b','{"contact_sha256":"05f3c17a8dff78e0855129f1a9e12a8373407e9dfe8bd0dc2c906e66d36fd247","event_type":"CONTACT","holder_id":1,"name":"Jane Smith","operator":"gcurl","recorded_at":"2026-07-01T12:00:17.000000Z","seq":28,"version":"0.0-test"}');
INSERT INTO audit_log VALUES(29,NULL,NULL,NULL,X'42933c11758cda0af63d8ad15391bf5cfab0ae5135ab70b87084578ac49a0cf8','{"contact_sha256":"22736b244d0b4a99aa7511dc030a4b50badffa940fe6cddb2461ac3f3183e4c5","event_type":"CONTACT","holder_id":3,"name":"Bob Lee","operator":"gcurl","recorded_at":"2026-07-01T12:00:18.000000Z","seq":29,"version":"0.0-test"}');
INSERT INTO audit_log VALUES(30,NULL,NULL,NULL,X'39f9f43ec2215c3e6f8a2ef2121213a76f10d830a23e3cfa121d083862971923','{"event_type":"CONTACT","holder_id":3,"name":"Bob Lee","operator":"gcurl","recorded_at":"2026-07-01T12:00:19.000000Z","seq":30,"version":"0.0-test"}');
INSERT INTO audit_log VALUES(31,3,NULL,NULL,X'9c560e650bcc2a86b5f840975523152143f7edf8fb9d2eebaef4fb7f8b1e2ec8','{"batch_id":3,"event_type":"BATCH","operator":"gcurl","options":{},"recorded_at":"2026-07-01T12:00:21.000000Z","rows":2,"seq":31,"source_name":"scans.csv","source_sha256":"357bb50130b4f406885a968c95a5fa250b0ba1201de3509f73016c71a9f9f114","version":"0.0-test"}');
INSERT INTO audit_log VALUES(32,3,'A1',X'bbcf67981390979f59a68077ee790e7daf9a2589ac699c0b40ddc15a9cb87fef',X'd81c517fb17e0b0b8ee4e357be92ddc2336fce88ff33d1e5fe08817c3bb390d0','{"after":{"case_name":"C1","equipment_type":"laptop","holder":null,"slot_position":3,"status":"STORAGE"},"asset_tag":"A1","batch_id":3,"before":{"case_name":"C1","equipment_type":"laptop","holder":null,"slot_position":3,"status":"STORAGE"},"equipment_type":"laptop","event_type":"SCAN","occurred_at":"2026-07-01T10:08:00.000000Z","operator_id":"gcurl","row_number":1,"seq":32,"timestamp":"2026-07-01T10:08Z"}');
INSERT INTO audit_log VALUES(33,3,'A1',X'fc3d42973dd492f60a4880e0097895754745c04bcc8562d0c0e365a0f4d0753d',X'21271200af4c1761d9d4ddc28005e23547bbe9bad863ce9d075a8e3434de3cc5','{"after":{"case_name":"C1","equipment_type":"laptop","holder":null,"slot_position":3,"status":"STORAGE"},"asset_tag":"A1","batch_id":3,"before":{"case_name":"C1","equipment_type":"laptop","holder":null,"slot_position":3,"status":"STORAGE"},"event_type":"UPDATE","occurred_at":"2026-07-01T10:09:00.000000Z","operator_id":"gcurl","row_number":2,"seq":33,"timestamp":"2026-07-01T10:09Z"}');
INSERT INTO audit_log VALUES(34,NULL,NULL,NULL,X'937625d18b473edadf07b28b2c99db45f62c74ad25621165b17b019fd3a58b21','{"after":"required","before":"recorded","event_type":"SETTING","name":"acceptance","operator":"gcurl","recorded_at":"2026-07-01T12:00:22.000000Z","seq":34,"version":"0.0-test"}');
INSERT INTO audit_log VALUES(35,4,NULL,NULL,X'536d35cd01623ede50ae864f5b9b159190b16148c037ae3fe0abfadaa741b564','{"batch_id":4,"event_type":"BATCH","operator":"gcurl","options":{"accepted":{"how":"paper"},"due_on":"2026-08-01"},"recorded_at":"2026-07-01T12:00:25.000000Z","rows":2,"seq":35,"source_name":"scans.csv","source_sha256":"6d4b03498b5574182244234e9964acf699484d676ccd3e009dc8ff08207df33e","version":"0.0-test"}');
INSERT INTO audit_log VALUES(36,4,'A5',X'c4e4b6f8c0f2d9ff15ac84b7c1b73189df06f7090303d25876e9d0f063966c0b',X'5c3b90bd7bcc061d1c11e2aa3d07c8465891387000d5531c3a05b23ec2d7fc78','{"after":{"case_name":"C1","equipment_type":"laptop","holder":null,"slot_position":2,"status":"STORAGE"},"asset_tag":"A5","batch_id":4,"before":null,"case_number":"C1","equipment_type":"laptop","event_type":"SCAN","occurred_at":"2026-07-01T10:09:00.000000Z","operator_id":"gcurl","row_number":1,"seq":36,"slot_number":2,"timestamp":"2026-07-01T10:09Z"}');
INSERT INTO audit_log VALUES(37,4,'A5',X'a59e6b709dc47baf8311d8e810ebfadf200593135ae687283969fd860f29a9c0',X'e9360d89a9f1c1a23a24c5c9fc6b95ac7bb955841458b9afa932a3651d01cf42','{"after":{"case_name":null,"due_on":"2026-08-01","equipment_type":"laptop","holder":"Jane Smith","slot_position":null,"status":"IN_CUSTODY"},"asset_tag":"A5","batch_id":4,"before":{"case_name":"C1","equipment_type":"laptop","holder":null,"slot_position":2,"status":"STORAGE"},"case_number":"OUT","event_type":"ISSUE","holder_id":1,"issued_to_name":"Jane Smith","occurred_at":"2026-07-01T10:10:00.000000Z","operator_id":"gcurl","row_number":2,"seq":37,"slot_number":"OUT","timestamp":"2026-07-01T10:10Z"}');
INSERT INTO audit_log VALUES(38,NULL,NULL,NULL,X'e7e762e13cdb20a04647cb7e0c9619a010a580920afc19f554887184c6f88878','{"after":"recorded","before":"required","event_type":"SETTING","name":"acceptance","operator":"gcurl","recorded_at":"2026-07-01T12:00:26.000000Z","seq":38,"version":"0.0-test"}');
INSERT INTO audit_log VALUES(39,5,NULL,NULL,X'814b9c9e4f2cf74b04bccc362c7020a6d27dc32629670cec6ddc2b64c28f09d1','{"batch_id":5,"event_type":"BATCH","operator":"gcurl","options":{"due_on":"2026-09-01"},"recorded_at":"2026-07-01T12:00:30.000000Z","rows":1,"seq":39,"source_name":"typed","source_sha256":"e09b05c1a02e0437d2901c5fc2b113e02259626144b2ce7eaae0e8472b422539","version":"0.0-test"}');
INSERT INTO audit_log VALUES(40,5,'A5',X'62269bb39d43a89d4d479a18663f0fbf2e91916202382b56ec5d73f0f41334fe',X'43de349b5b1bb5d13ea904d01f543043614832d01b8e139f57f1ce4679f1ac03','{"after":{"case_name":null,"due_on":"2026-09-01","equipment_type":"laptop","holder":"Cy Young","slot_position":null,"status":"IN_CUSTODY"},"asset_tag":"A5","batch_id":5,"before":{"case_name":null,"due_on":"2026-08-01","equipment_type":"laptop","holder":"Jane Smith","slot_position":null,"status":"IN_CUSTODY"},"case_number":"OUT","event_type":"TRANSFER","from_holder_id":1,"holder_id":4,"issued_to_name":"Cy Young","occurred_at":"2026-07-01T12:00:28.000000Z","operator_id":"gcurl","row_number":1,"seq":40,"slot_number":"OUT","timestamp":"2026-07-01T12:00:28.000000Z"}');
INSERT INTO audit_log VALUES(41,NULL,NULL,NULL,X'9579729e4974dc9c8bb2c8af1ffe86b773a5c860517e5b1ed650d5ddc2e00f5b','{"accepted_at":"2026-07-01T12:00:31.000000Z","accepted_by":"Cy Young","batch_id":5,"event_type":"ACCEPTANCE","holder_id":4,"how":"screen","name":"Cy Young","operator":"gcurl","recorded_at":"2026-07-01T12:00:31.000000Z","seq":41,"version":"0.0-test"}');
INSERT INTO audit_log VALUES(42,NULL,NULL,NULL,X'cc5cd46059b4c502d69f090e4e4f1f78b08b9851a179cb88929c811d8467e71a','{"accepted_at":"2026-07-01T12:00:31.000000Z","accepted_by":"Cy Young","batch_id":5,"changed":{"how":"paper"},"corrects":41,"event_type":"ACCEPTANCE_CORRECTION","holder_id":4,"how":"paper","name":"Cy Young","operator":"gcurl","reason":"it was signed","recorded_at":"2026-07-01T12:00:32.000000Z","seq":42,"version":"0.0-test"}');
INSERT INTO audit_log VALUES(43,NULL,NULL,NULL,X'a9d26a52ef971721020ff864da38aea5c14aaff91d53c61f0e33ddfd18a81524','{"assets":1,"batch_id":5,"event_type":"RECEIPT","holder_id":4,"lines":1,"name":"Cy Young","operator":"gcurl","receipt_id":1,"recorded_at":"2026-07-01T12:00:33.000000Z","seq":43,"text_sha256":"eae698af8b0f8194d007237da9926a48812797c07a6aca51868c76060a18628e","version":"0.0-test"}');
INSERT INTO audit_log VALUES(44,NULL,NULL,NULL,X'43792b0575dae01e49aea7c047e7dc41961c017d72e3a7e4a1417c37cea98ca2','{"assets":1,"event_type":"RECEIPT","holder_id":4,"lines":1,"name":"Cy Young","operator":"gcurl","receipt_id":2,"recorded_at":"2026-07-01T12:00:34.000000Z","seq":44,"text_sha256":"9e0cfe7f44219ef1047b218287365fbb1d21d2dd7614e2cd6229d19b43519299","version":"0.0-test"}');
INSERT INTO audit_log VALUES(45,NULL,'A5',NULL,X'fe81deb60271982305372cb23cd918acda4e5e8a55774956b31b87efc7e41c69','{"after":{"case_name":null,"due_on":"2026-10-01","equipment_type":"laptop","holder":"Cy Young","slot_position":null,"status":"IN_CUSTODY"},"asset_tag":"A5","before":{"case_name":null,"due_on":"2026-09-01","equipment_type":"laptop","holder":"Cy Young","slot_position":null,"status":"IN_CUSTODY"},"changed":{"due_on":"2026-10-01","notes":"on loan"},"corrects":40,"event_type":"CORRECTION","operator":"gcurl","reason":"forgotten","recorded_at":"2026-07-01T12:00:35.000000Z","seq":45,"version":"0.0-test"}');
INSERT INTO audit_log VALUES(46,NULL,NULL,NULL,X'1f0c5356f3d399e91c2958d4e6fade43629ae71146685f6622836bc7793ff294','{"count_id":1,"event_type":"COUNT_START","expected":2,"operator":"gcurl","recorded_at":"2026-07-01T12:00:36.000000Z","scope":{"cases":["C1"]},"seq":46,"version":"0.0-test"}');
INSERT INTO audit_log VALUES(47,NULL,NULL,NULL,X'b2d9018caea2b289658e4c8ba570f5e5884bac5dccecab9e290fa43138681cad','{"count_id":1,"event_type":"COUNT_SCANS","operator":"gcurl","recorded_at":"2026-07-01T12:00:37.000000Z","scans":[["A5","2026-07-01T12:00:37.000000Z",null,null],["A9","2026-07-01T12:00:37.000000Z",null,null]],"seq":47,"version":"0.0-test"}');
INSERT INTO audit_log VALUES(48,NULL,NULL,NULL,X'53cd63dcde24a8ec1428160e44866c44cc79951a290bc8dd4413c80ca8f2ecd4','{"count_id":1,"event_type":"COUNT_CLOSE","exceptions":{"missing":["A1","A2"],"seen_in_custody":["A5"],"unknown_tag":["A9"]},"operator":"gcurl","recorded_at":"2026-07-01T12:00:38.000000Z","remark":"as it should be","seq":48,"totals":{"found":0,"missing":2,"moved_during_count":0,"retired_but_seen":0,"seen_in_custody":1,"unexpected":0,"unknown_tag":1,"wrong_slot":0},"version":"0.0-test"}');
INSERT INTO audit_log VALUES(49,NULL,NULL,NULL,X'e4c409ac6bd020eb743dff7fd98c9622ddb230ed8095592dfa07eb9e9434768d','{"count_id":2,"event_type":"COUNT_START","expected":2,"operator":"gcurl","recorded_at":"2026-07-01T12:00:39.000000Z","scope":{},"seq":49,"version":"0.0-test"}');
INSERT INTO audit_log VALUES(50,NULL,NULL,NULL,X'aeac75af1fccda4f76e2a0ae987ff05358231f84c0e200050028363458ab66be','{"count_id":3,"event_type":"COUNT_START","expected":0,"operator":"gcurl","recorded_at":"2026-07-01T12:00:40.000000Z","scope":{"cases":["C2"]},"seq":50,"version":"0.0-test"}');
INSERT INTO audit_log VALUES(51,NULL,NULL,NULL,X'112363280aa769e19f6cbde3275e1b59df1b9d6b044a79493f09738b5232e997','{"count_id":3,"event_type":"COUNT_ABANDON","operator":"gcurl","reason":"the wrong case","recorded_at":"2026-07-01T12:00:41.000000Z","seq":51,"version":"0.0-test"}');
CREATE TABLE audit_subtrees(
    level INTEGER NOT NULL CHECK (level > 0),
    number INTEGER NOT NULL CHECK (number >= 0),
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    PRIMARY KEY (level, number)
) STRICT, WITHOUT ROWID;
CREATE TABLE checkpoints(
    size INTEGER PRIMARY KEY CHECK (size > 0),
    note TEXT NOT NULL
) STRICT;
INSERT INTO checkpoints VALUES(1,replace('assettrack-test0001\n1\nTYEHQwS6GQH+dryAviurXCw6PdJPO0EaQjmGOUZtZrk=\n\n— assettrack-test0001 dUMq9VbQTwmH2rlGPE4bKIQOVjJBDY+TMEWBt2TQEuxaZSApRWOp5QE3RxxQ9HUljbOHq7oLQrIpLree06090VkiYg8=\n','\n',char(10)));
INSERT INTO checkpoints VALUES(3,replace('assettrack-test0001\n3\nuieIM+VCJ6PhW37VR41aIrDkdI/rHd7XVJv2h8FJvA8=\n\n— assettrack-test0001 dUMq9SxOoJSyemxDB1We6A/OMqcl9bJ8febwfOmv/EVHZlljH+ZbkISu5bQjGLSUz68eYqWfA1zbje57SLsy1+KfAww=\n','\n',char(10)));
INSERT INTO checkpoints VALUES(4,replace('assettrack-test0001\n4\n8L/AQgUVfp+dCRoRIH0EjJ3grU1P3kRco9mM6+McSUo=\n\n— assettrack-test0001 dUMq9ayDrBL0TD9APKhEMc9P/Oo9ReBG1c2EJ5jBF5qz/OC3C1QBPNrdd5ygdlk5WjqWVVojzri2nsbipCOtePkH+AA=\n','\n',char(10)));
INSERT INTO checkpoints VALUES(5,replace('assettrack-test0001\n5\nBnJnP9STPaLArof0r3DvLUEIya9Pr/KgWSr42qKp3Ok=\n\n— assettrack-test0001 dUMq9cykMs0hHGnAMMa4EpYNiYgSPTXLxnGeU5PDtc8zlQdkDNkb/aphZWrX7evRyzhrVVPAhE843UqmBTF0HbTyDgY=\n','\n',char(10)));
INSERT INTO checkpoints VALUES(11,replace('assettrack-test0001\n11\nEfsyHmjG1X8BE3Z3cG5gMITALIcYYqNWIgHQsbVyslY=\n\n— assettrack-test0001 dUMq9ao9T4+x5xh80sz9GeL8c7mnjrzHvl51EPYVxRp0fl/Lwu2/GmtiJ9en66/xT7ZPhA5ZkklivkjuQN0HYe7pUAA=\n','\n',char(10)));
INSERT INTO checkpoints VALUES(12,replace('assettrack-test0001\n12\nySl2ZvGzHIbgZTRn8yB3JZckG71N6P4WNEkzuNzn2l4=\n\n— assettrack-test0001 dUMq9SWbxVYRgPlxYAoKqB0p16iDy4rgnyJFKE4iEIwXg+xut2XgQrT8IEPhzbiwv6w1Vclt/IS4eM+4u2d4IXDXkQI=\n','\n',char(10)));
INSERT INTO checkpoints VALUES(13,replace('assettrack-test0001\n13\n+cBsXN93rrZPoI4i1RpURpbK3Vj2KjR/Bd6cgAJWC2c=\n\n— assettrack-test0001 dUMq9UVOcsaePa1RLikqhdkA0+pjW6emIHwEnRtQsCBRzUFO9Q/t26O2QvCMnNUdEUyqCxDRY9iyWAHxnTyGyX2bvg4=\n','\n',char(10)));
INSERT INTO checkpoints VALUES(14,replace('assettrack-test0001\n14\npMIx0QGGE8yX5x1CngrDf35BmB70h+DUP2n2nNbl2JM=\n\n— assettrack-test0001 dUMq9UfqJlu1kg6mNN08OLceerXtwRm5kTBccEe7WhYo+z51qJRP7VeIpuGRAmULGFlIl21AnEmQV1E95ZCq/u2U0wo=\n','\n',char(10)));
INSERT INTO checkpoints VALUES(21,replace('assettrack-test0001\n21\nLopmfX3KnRsQPp2lslFyH9PEeGKUWW6mm6ecZ0uSP44=\n\n— assettrack-test0001 dUMq9VTblwKevFTDC2khD9mNyea3cgeDeGxpD8UG09x07qmIPEFtF26ogOlVnWAOIHQ2wCvcTxev4AxHARHj+mx3Dg0=\n','\n',char(10)));
INSERT INTO checkpoints VALUES(22,replace('assettrack-test0001\n22\nIUY6jTWLMpL3HbV+dg9iBvzvtYYLo/ISs1t3KZdemzE=\n\n— assettrack-test0001 dUMq9Ypf7bY8uxDkv3Kfd9+hRXvlsYHtrFsuKaX8VnYT+32KeElW5nG3tVanhjbjaIT1z3I2wMGVq7VjpsLZTViI4gA=\n','\n',char(10)));
INSERT INTO checkpoints VALUES(23,replace('assettrack-test0001\n23\nLonf0xl0x1QVzN+N7frUcxYI9LlmL2pYo1Fginh6WHE=\n\n— assettrack-test0001 dUMq9Xc026LgA4VkmdJJnFfbI/ybOxKX/EB7LH32N2l7G8xLkTLLJCtfZ44+1LEXdXfcAH5JtH2Ya0+Xz340fy2W8w8=\n','\n',char(10)));
INSERT INTO checkpoints VALUES(24,replace('assettrack-test0001\n24\nDEFYCgAeiO1PcvLT/iuWuQqPYJGBu6FZ+FaX9c+ni0c=\n\n— assettrack-test0001 dUMq9UYuiE/aEZF7/Uf9d22lppdp6mV0+2UrqxehxDEEsUuyFXYDJVm/C14Z7BlJvuBI11WYJ2l0G/S/I1//Bl488wk=\n','\n',char(10)));
INSERT INTO checkpoints VALUES(25,replace('assettrack-test0001\n25\nILMo3zjPaK7Ru4Moxhc3drP748QITvYpFO6siSj4b8k=\n\n— assettrack-test0001 dUMq9budr3yTNeCzdy6YH6QdRm1D7twmSan4zNjaCUsLtyObAIW/7eZW4pNrwAgSaFk5smaiO4PG/OloeuxOZjx3GgA=\n','\n',char(10)));
INSERT INTO checkpoints VALUES(26,replace('assettrack-test0001\n26\nnsv6FKQIAdiaHTWO7Db9FtPqIk8TrXbjJ4G+wydhDCQ=\n\n— assettrack-test0001 dUMq9SSUuU1cJgPfWifwZP0qPANk0KaLVUnTJUKEnHE7zXdl/SJ3bxtQvr3He7F/rXZWVHBmrn1ioLWg/H6uY+fW3AY=\n','\n',char(10)));
INSERT INTO checkpoints VALUES(27,replace('assettrack-test0001\n27\n4C5Zz6u2BGmeo7ot9Wkg7QB6tWj8KYX5Dk5axcAhpOk=\n\n— assettrack-test0001 dUMq9QGfd0xEWwPtzV4Rz8yNgQGl5LuueCjudmOsUgx9y198NI2s6TJbOnG3Ncul+lzr+J/e+C++fo35oEt60mAkgAk=\n','\n',char(10)));
INSERT INTO checkpoints VALUES(28,replace('assettrack-test0001\n28\nAEkeAd2cfWHF4/RdE4ljKprL7R5aZJ9aXei+Fp9ICRE=\n\n— assettrack-test0001 dUMq9Sb1QefYbEfkOwELhm99ICZdj5iG/uwWbAfy3OUaqPtjKA/qyyqe57EXFMeeVRM0dQdQTl8byFtjO403JnMyfw8=\n','\n',char(10)));
INSERT INTO checkpoints VALUES(29,replace('assettrack-test0001\n29\nAV14AayqVZ89EoV0u8/ZOcSjHo3TLSsW6pHJ3lEj04o=\n\n— assettrack-test0001 dUMq9XvRhm83XH9aWKPWzbxGMWpmQXx9XvXuL4MoakfgKQBJZ/AjhYeXkn2wQv0noupaasAN+SSjCbYKZQUbdQT5gAY=\n','\n',char(10)));
INSERT INTO checkpoints VALUES(30,replace('assettrack-test0001\n30\nKRIuoiMmPZZf4R40FcMt3rTGPG2F5xAnVMfTSFuwhjM=\n\n— assettrack-test0001 dUMq9U3cmSp9YBvfudppcTEvlQBAdP/WX8UFTCRxPlHzW6T/Is+VnwGU2jFYUMQYBRs4fbScXTBX9ATgST+w7ABYFg8=\n','\n',char(10)));
INSERT INTO checkpoints VALUES(33,replace('assettrack-test0001\n33\nWOT4xlvufZZL9TeutZCMbS3+PZHBEl3d8svy7f11xmQ=\n\n— assettrack-test0001 dUMq9SymOMcPXWDb1VWFr7hqNIsL/8wYUMB/FV/q5J3Ez00Xeq+InrcCTkI7eik8nCDjGhjexMJSBbmgcEvswhQmMAs=\n','\n',char(10)));
INSERT INTO checkpoints VALUES(34,replace('assettrack-test0001\n34\nhHk9C9PLv0wMFQehLYR/VdE3i2QVa29+Rdej3t301wk=\n\n— assettrack-test0001 dUMq9UTjQX6tylsSJGCdT7Cjj+ATf4Wiic7Vvr5AgjJsZEVX11yC65UwPm0306gJX8RkZZb0onO5ze4fjTOUzrRwdQ4=\n','\n',char(10)));
INSERT INTO checkpoints VALUES(37,replace('assettrack-test0001\n37\nY7dLRfzejzmm6SWee4kWJVq7cjmEklkx1WN1jvYpcqw=\n\n— assettrack-test0001 dUMq9Zdi32K+O1BUK5M5cCmxrucc600mk5DgdD2tEI+BJimCAN6iTPKwCyvCeMAZSk2uwhjT8jbOV0YbS0xe+pj0lAY=\n','\n',char(10)));
INSERT INTO checkpoints VALUES(38,replace('assettrack-test0001\n38\nfgSh5wRxf0bMBT9E/xi9mzhebRmhGZI4/SGR+z6DF6Y=\n\n— assettrack-test0001 dUMq9RCcUIfEjdQDgFhyhJ1jRdCKFJdTzojDCO6TeAAzi1jQPXyEXnSM4KjniwifYqaD4iA86oFBUkBKJzRAFYBU3wQ=\n','\n',char(10)));
INSERT INTO checkpoints VALUES(40,replace('assettrack-test0001\n40\ngLJzGJ31Dl0Yb85UWc6oDyiirw2LDnn9w2asz5M0EKw=\n\n— assettrack-test0001 dUMq9f60md0nxmlq79Oz0r00eFTzQXnXq659Fqv6HzYW6qoFlpuU2qdd99WHl7luolkzZ45FPsSucYStXFee4hWWew4=\n','\n',char(10)));
INSERT INTO checkpoints VALUES(41,replace('assettrack-test0001\n41\n2O5OHkhHoOrIWhmeW0py2BIjPw5Gg8EQwHh1kQ8jrfY=\n\n— assettrack-test0001 dUMq9aPxcK5WKsMp1YcZvuBQsPuXYiQu7TzesEg3t25MwJIfHwZ08ZyGW5wI5nI4sfpYckSfdJKAGNR3z5abJqocYAU=\n','\n',char(10)));
INSERT INTO checkpoints VALUES(42,replace('assettrack-test0001\n42\nTSgczFd+WFmGxRFI95tmKAK4FiE38EjgBWZApMRW4Nw=\n\n— assettrack-test0001 dUMq9esVsmOsfnH9cFocEkOFSA6iJprpxG7ibAoBH11bP9X8t0PV4+gLto5IxzZQrAuj6qrcFG32+p1/S+aOWalHKgk=\n','\n',char(10)));
INSERT INTO checkpoints VALUES(43,replace('assettrack-test0001\n43\nhQFo4zBh4pgAnuijKua17iEXHHhBsMZv9ndQp+9m408=\n\n— assettrack-test0001 dUMq9ecaCz64trlYUHRtZV6i0IxrpefmUciFNEk1Bf8QKBKQyw0NMRZx5CKCOY9c8z80A+HLjht1k18Cb0hfNlRmywI=\n','\n',char(10)));
INSERT INTO checkpoints VALUES(44,replace('assettrack-test0001\n44\nn8DD8ErlZ8DQHWLCWTZOetrBYi6xS/btv2ccDA5v95I=\n\n— assettrack-test0001 dUMq9XUyP76D7mdQrqv5rSHG6+Hgvsy15K5MrtyU/TpQv11XQxWcfhskhQwJ3XHMn/QdZd+KPuDmZUoi8Fq53kp2tA4=\n','\n',char(10)));
INSERT INTO checkpoints VALUES(45,replace('assettrack-test0001\n45\neDH6CuC3m7cDOkz7Fd7k65qjZcLDXjMQCLqJ6pUMZmc=\n\n— assettrack-test0001 dUMq9WlgPdMgl5S878r5GUdMrnCd+6HsBzlS3GEgtBRe8933hNrEbJsijA9WsxHpQnJfoS3JAlZQA6FAzRIZkDIVWwk=\n','\n',char(10)));
INSERT INTO checkpoints VALUES(46,replace('assettrack-test0001\n46\n1DtlFygIXPVkqxYmiYmGqv/SZFj7JTTYbBgZxWLnEXw=\n\n— assettrack-test0001 dUMq9XHyfXM+iEdZrjDBchF6rxfqiddP10tQyQtGresj5SiTnhkRx+hD/XCvv2kWIhP8okxTy9RI21CFDchazqEtRwY=\n','\n',char(10)));
INSERT INTO checkpoints VALUES(47,replace('assettrack-test0001\n47\nGifbqZM+dIjSyN/6q/YvxjHkE9n00E2smeD50PV/nW4=\n\n— assettrack-test0001 dUMq9TY0ZkjBypQpY9TSOrJAqQzfBfeuMwv04N6gLT/uwUtSX6oUWj2oGVduRKHXZ8FyRvI+CzRyH99DYMKaA5A76wo=\n','\n',char(10)));
INSERT INTO checkpoints VALUES(48,replace('assettrack-test0001\n48\njxILRLCZhd7BvHQPnRQgCp2gVYxNDm6O7RSI4iRptXI=\n\n— assettrack-test0001 dUMq9fpY4FD8DcDR4Fow+BfsNWfrQy/ebDhWO/CAJltXBaMASanXpDazCCoLLYRMyjjY0tNTHRE/PbviQRZHDJ30zQI=\n','\n',char(10)));
INSERT INTO checkpoints VALUES(49,replace('assettrack-test0001\n49\nsv4Hr/5K4SW7fjawyibeRrTeTS7IDHUKwjvOTkbQbgQ=\n\n— assettrack-test0001 dUMq9X4ZnQii+UWzKivCBFzsfrWnijmUNWhs3oYDR58g+cyWFIbrzOjFjOURFkaH7MSgSXFw/keJqT2T8oew9IbpfQQ=\n','\n',char(10)));
INSERT INTO checkpoints VALUES(50,replace('assettrack-test0001\n50\nOX8KBAB4TU5X+kHgtOxcVZmmHA0I2x88GrXCynnQ6ak=\n\n— assettrack-test0001 dUMq9RUDiB/ZazFrPXIpgM1hQfv+776BRIzck8vRMv5sV5alTHBgKEDy4UAaKpTk1RVwtc3CrIk0GWCH10zjgYZCJgg=\n','\n',char(10)));
INSERT INTO checkpoints VALUES(51,replace('assettrack-test0001\n51\nO5XtRVGTdIiy3ftY2mRKJx4i4AxfnoXMpEpHDs7PnX8=\n\n— assettrack-test0001 dUMq9Z36aoHqyLmmksZkqQ7rRVKMnVEtYAq09owL35b2RhGjawiAxy07qsPI/iQGiZo0cVE8D46bkXBZ0oAfmhyeqwQ=\n','\n',char(10)));
CREATE TABLE batches(
    batch_id INTEGER PRIMARY KEY CHECK (batch_id > 0),
    first_seq INTEGER NOT NULL UNIQUE REFERENCES audit_log(seq),
    last_seq INTEGER NOT NULL CHECK (last_seq > first_seq)
) STRICT;
INSERT INTO batches VALUES(1,6,11);
INSERT INTO batches VALUES(2,15,21);
INSERT INTO batches VALUES(3,31,33);
INSERT INTO batches VALUES(4,35,37);
INSERT INTO batches VALUES(5,39,40);
CREATE TABLE settings(
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO settings VALUES('acceptance','recorded');
CREATE TABLE organisations(
    organisation_id INTEGER PRIMARY KEY CHECK (organisation_id > 0),
    name TEXT NOT NULL CHECK (length(name) > 0),
    name_key TEXT NOT NULL UNIQUE CHECK (length(name_key) > 0)
) STRICT;
INSERT INTO organisations VALUES(1,'Ad Hoc','ad hoc');
INSERT INTO organisations VALUES(2,'Acme','acme');
CREATE TABLE buildings(
    building_key TEXT PRIMARY KEY CHECK (length(building_key) > 0),
    name TEXT NOT NULL CHECK (length(name) > 0)
) STRICT, WITHOUT ROWID;
INSERT INTO buildings VALUES('b1','B1');
CREATE TABLE rooms(
    room_key TEXT PRIMARY KEY CHECK (length(room_key) > 0),
    name TEXT NOT NULL CHECK (length(name) > 0),
    building_key TEXT NOT NULL REFERENCES buildings(building_key)
) STRICT, WITHOUT ROWID;
INSERT INTO rooms VALUES('b1-101','B1-101','b1');
CREATE TABLE building_uses(
    organisation_id INTEGER NOT NULL REFERENCES organisations(organisation_id),
    building_key TEXT NOT NULL REFERENCES buildings(building_key),
    allowed INTEGER NOT NULL CHECK (allowed IN (0, 1)),
    PRIMARY KEY (organisation_id, building_key)
) STRICT, WITHOUT ROWID;
INSERT INTO building_uses VALUES(2,'b1',1);
CREATE TABLE contact_hashes(
    holder_id INTEGER PRIMARY KEY REFERENCES holders(holder_id),
    contact_sha256 BLOB CHECK (length(contact_sha256) = 32)
) STRICT;
INSERT INTO contact_hashes VALUES(1,X'05f3c17a8dff78e0855129f1a9e12a8373407e9dfe8bd0dc2c906e66d36fd247');
INSERT INTO contact_hashes VALUES(3,NULL);
CREATE TABLE contacts(
    holder_id INTEGER PRIMARY KEY REFERENCES holders(holder_id),
    salt BLOB NOT NULL CHECK (length(salt) = 16),
    contact TEXT NOT NULL CHECK (length(contact) > 0)
) STRICT;
INSERT INTO contacts VALUES(1,X'73616c74206f66203136206279746573','jane@example.org');
CREATE TABLE handovers(
    batch_id INTEGER NOT NULL,
    holder_id INTEGER NOT NULL REFERENCES holders(holder_id),
    accepted_seq INTEGER,
    asked INTEGER NOT NULL DEFAULT 1 CHECK (asked IN (0, 1)),
    PRIMARY KEY (batch_id, holder_id)
) STRICT, WITHOUT ROWID;
INSERT INTO handovers VALUES(1,3,NULL,1);
INSERT INTO handovers VALUES(2,1,NULL,1);
INSERT INTO handovers VALUES(2,3,NULL,1);
INSERT INTO handovers VALUES(4,1,35,1);
INSERT INTO handovers VALUES(5,1,NULL,1);
INSERT INTO handovers VALUES(5,4,42,1);
CREATE TABLE receipts(
    receipt_id INTEGER PRIMARY KEY CHECK (receipt_id > 0),
    seq INTEGER NOT NULL UNIQUE,
    holder_id INTEGER NOT NULL REFERENCES holders(holder_id),
    batch_id INTEGER,
    text_sha256 TEXT NOT NULL CHECK (length(text_sha256) = 64)
) STRICT;
INSERT INTO receipts VALUES(1,43,4,5,'eae698af8b0f8194d007237da9926a48812797c07a6aca51868c76060a18628e');
INSERT INTO receipts VALUES(2,44,4,NULL,'9e0cfe7f44219ef1047b218287365fbb1d21d2dd7614e2cd6229d19b43519299');
CREATE TABLE receipt_texts(
    receipt_id INTEGER PRIMARY KEY,
    text TEXT NOT NULL
) STRICT;
INSERT INTO receipt_texts VALUES(1,replace('AssetTrack custody receipt, text version 1\n\nkind: handover\nreceipt number: 1\nstation: assettrack-test0001\nzone: Europe/Berlin\nissued at: 2026-07-01T12:00:33.000000Z\nissued at, local time: 2026-07-01 14:00:33+02:00\nissued by: gcurl\nbatch: 5\nholder: Cy Young\nholder number: 4\norganisation: Acme\ndue date: 2026-09-01\nentries in the log before: 42\nacknowledgement: paper\naccepted by: Cy Young\naccepted at: 2026-07-01T12:00:31.000000Z\naccepted at, local time: 2026-07-01 14:00:31+02:00\nnote: acceptance of entry 41 was corrected by entry 42\nassets: 1\nlines: 1\n\nitem: 1\nevent: TRANSFER\nasset tag: A5\nequipment type: laptop\nquantity: 1\nfrom: Jane Smith\nto: Cy Young\nentry: 40\n','\n',char(10)));
INSERT INTO receipt_texts VALUES(2,replace('AssetTrack custody receipt, text version 1\n\nkind: hand_receipt\nreceipt number: 2\nstation: assettrack-test0001\nzone: Europe/Berlin\nissued at: 2026-07-01T12:00:34.000000Z\nissued at, local time: 2026-07-01 14:00:34+02:00\nissued by: gcurl\nholder: Cy Young\nholder number: 4\norganisation: Acme\nentries in the log before: 43\nacknowledgement: not asked\nnote: due 2026-09-01: item 1\nassets: 1\nlines: 1\n\nitem: 1\nevent: held\nasset tag: A5\nequipment type: laptop\nquantity: 1\nfrom: Jane Smith\nto: Cy Young\nentry: 40\n','\n',char(10)));
CREATE TABLE corrections(
    corrected_seq INTEGER PRIMARY KEY CHECK (corrected_seq > 0),
    seq INTEGER NOT NULL UNIQUE CHECK (seq > corrected_seq),
    asset_tag TEXT NOT NULL REFERENCES assets(asset_tag)
) STRICT;
INSERT INTO corrections VALUES(40,45,'A5');
CREATE TABLE counts(
    count_id INTEGER PRIMARY KEY CHECK (count_id > 0),
    started_seq INTEGER NOT NULL UNIQUE,
    closed_seq INTEGER UNIQUE CHECK (closed_seq > started_seq)
) STRICT;
INSERT INTO counts VALUES(1,46,48);
INSERT INTO counts VALUES(2,49,NULL);
INSERT INTO counts VALUES(3,50,51);
CREATE TABLE count_expected(
    count_id INTEGER NOT NULL REFERENCES counts(count_id),
    asset_tag TEXT NOT NULL REFERENCES assets(asset_tag),
    case_name TEXT,
    slot_position INTEGER,
    holder_id INTEGER,
    PRIMARY KEY (count_id, asset_tag)
) STRICT, WITHOUT ROWID;
INSERT INTO count_expected VALUES(1,'A1','C1',3,NULL);
INSERT INTO count_expected VALUES(1,'A2','C1',1,NULL);
INSERT INTO count_expected VALUES(2,'A1','C1',3,NULL);
INSERT INTO count_expected VALUES(2,'A2','C1',1,NULL);
CREATE TABLE count_scans(
    count_id INTEGER NOT NULL REFERENCES counts(count_id),
    seq INTEGER NOT NULL,
    PRIMARY KEY (count_id, seq)
) STRICT, WITHOUT ROWID;
INSERT INTO count_scans VALUES(1,47);
CREATE INDEX assets_by_holder ON assets(holder_id) WHERE holder_id IS NOT NULL;
CREATE INDEX assets_by_serial_number ON assets(serial_number) WHERE serial_number IS NOT NULL;
CREATE UNIQUE INDEX slots_by_asset ON slots(current_asset_tag) WHERE current_asset_tag IS NOT NULL;
CREATE UNIQUE INDEX audit_log_by_asset ON audit_log(asset_tag, identity) WHERE asset_tag IS NOT NULL;
CREATE TRIGGER audit_log_appends BEFORE INSERT ON audit_log
WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM audit_log)
    OR EXISTS (SELECT 1 FROM audit_log WHERE asset_tag = NEW.asset_tag AND identity = NEW.identity)
BEGIN SELECT RAISE(ABORT, 'the audit log takes entries only at its end, and each row once'); END;
CREATE TRIGGER audit_log_keeps BEFORE UPDATE ON audit_log
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_log_stays BEFORE DELETE ON audit_log
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_subtrees_append BEFORE INSERT ON audit_subtrees
WHEN EXISTS (SELECT 1 FROM audit_subtrees WHERE level = NEW.level AND number = NEW.number)
BEGIN SELECT RAISE(ABORT, 'the hashes of the audit log are append-only'); END;
CREATE TRIGGER audit_subtrees_keep BEFORE UPDATE ON audit_subtrees
BEGIN SELECT RAISE(ABORT, 'the hashes of the audit log are append-only'); END;
CREATE TRIGGER audit_subtrees_stay BEFORE DELETE ON audit_subtrees
BEGIN SELECT RAISE(ABORT, 'the hashes of the audit log are append-only'); END;
CREATE TRIGGER checkpoints_append BEFORE INSERT ON checkpoints
WHEN NEW.size IS NOT (SELECT max(seq) FROM audit_log) OR EXISTS (SELECT 1 FROM checkpoints WHERE size = NEW.size)
BEGIN SELECT RAISE(ABORT, 'a checkpoint is of the whole log, and stays'); END;
CREATE TRIGGER checkpoints_keep BEFORE UPDATE ON checkpoints
BEGIN SELECT RAISE(ABORT, 'checkpoints are append-only'); END;
CREATE TRIGGER checkpoints_stay BEFORE DELETE ON checkpoints
BEGIN SELECT RAISE(ABORT, 'checkpoints are append-only'); END;
CREATE TRIGGER batches_append BEFORE INSERT ON batches
WHEN NEW.batch_id IS NOT (SELECT coalesce(max(batch_id), 0) + 1 FROM batches)
    OR NEW.first_seq <= (SELECT coalesce(max(last_seq), 0) FROM batches)
    OR NEW.last_seq > (SELECT coalesce(max(seq), 0) FROM audit_log)
BEGIN SELECT RAISE(ABORT, 'batches follow one another, in numbers and in the log'); END;
CREATE TRIGGER batches_keep BEFORE UPDATE ON batches
BEGIN SELECT RAISE(ABORT, 'batches are append-only'); END;
CREATE TRIGGER batches_stay BEFORE DELETE ON batches
BEGIN SELECT RAISE(ABORT, 'batches are append-only'); END;
CREATE TRIGGER station_once BEFORE INSERT ON station
WHEN EXISTS (SELECT 1 FROM station)
BEGIN SELECT RAISE(ABORT, 'a database belongs to one station'); END;
CREATE TRIGGER station_keeps BEFORE UPDATE ON station
BEGIN SELECT RAISE(ABORT, 'a station keeps its name, zone and key'); END;
CREATE TRIGGER station_stays BEFORE DELETE ON station
BEGIN SELECT RAISE(ABORT, 'a database belongs to one station'); END;
CREATE TRIGGER cases_once BEFORE INSERT ON cases
WHEN EXISTS (SELECT 1 FROM cases WHERE case_name = NEW.case_name)
BEGIN SELECT RAISE(ABORT, 'the case exists'); END;
CREATE TRIGGER cases_keep BEFORE UPDATE ON cases
BEGIN SELECT RAISE(ABORT, 'a case keeps its name and size'); END;
CREATE TRIGGER cases_stay BEFORE DELETE ON cases
BEGIN SELECT RAISE(ABORT, 'cases are never deleted'); END;
CREATE TRIGGER holders_once BEFORE INSERT ON holders
WHEN EXISTS (SELECT 1 FROM holders WHERE holder_id = NEW.holder_id OR name_key = NEW.name_key)
BEGIN SELECT RAISE(ABORT, 'the holder exists'); END;
CREATE TRIGGER holders_stay BEFORE DELETE ON holders
BEGIN SELECT RAISE(ABORT, 'holders are never deleted'); END;
CREATE TRIGGER slots_fit BEFORE INSERT ON slots
WHEN NEW.current_asset_tag IS NOT NULL
    OR NOT EXISTS (SELECT 1 FROM cases WHERE case_name = NEW.case_name AND slots >= NEW.slot_position)
    OR EXISTS (SELECT 1 FROM slots WHERE case_name = NEW.case_name AND slot_position = NEW.slot_position)
BEGIN SELECT RAISE(ABORT, 'a slot is new, empty and within its case'); END;
CREATE TRIGGER slots_keep BEFORE UPDATE OF case_name, slot_position ON slots
BEGIN SELECT RAISE(ABORT, 'a slot keeps its place'); END;
CREATE TRIGGER slots_stay BEFORE DELETE ON slots
BEGIN SELECT RAISE(ABORT, 'slots are never deleted'); END;
CREATE TRIGGER slots_hold BEFORE UPDATE OF current_asset_tag ON slots
WHEN NEW.current_asset_tag IS NOT NULL AND (
    OLD.current_asset_tag <> NEW.current_asset_tag
    OR NOT EXISTS (SELECT 1 FROM assets WHERE asset_tag = NEW.current_asset_tag AND status = 'STORAGE')
    OR EXISTS (
        SELECT 1 FROM slots WHERE current_asset_tag = NEW.current_asset_tag
            AND (case_name <> NEW.case_name OR slot_position <> NEW.slot_position)
    )
)
BEGIN SELECT RAISE(ABORT, 'an empty slot takes an asset that is in storage and in no other slot'); END;
CREATE TRIGGER assets_leave_slot BEFORE UPDATE OF status ON assets
WHEN NEW.status <> 'STORAGE' AND EXISTS (SELECT 1 FROM slots WHERE current_asset_tag = NEW.asset_tag)
BEGIN SELECT RAISE(ABORT, 'an asset in a slot is in storage'); END;
CREATE TRIGGER assets_replace_nothing BEFORE INSERT ON assets
WHEN NEW.status <> 'STORAGE' AND EXISTS (SELECT 1 FROM slots WHERE current_asset_tag = NEW.asset_tag)
BEGIN SELECT RAISE(ABORT, 'an asset in a slot is in storage'); END;
CREATE TRIGGER assets_held_by_known BEFORE UPDATE OF holder_id ON assets
WHEN NEW.holder_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM holders WHERE holder_id = NEW.holder_id)
BEGIN SELECT RAISE(ABORT, 'a holder is registered'); END;
CREATE TRIGGER assets_new_held_by_known BEFORE INSERT ON assets
WHEN NEW.holder_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM holders WHERE holder_id = NEW.holder_id)
BEGIN SELECT RAISE(ABORT, 'a holder is registered'); END;
CREATE TRIGGER assets_keep_tag BEFORE UPDATE OF asset_tag ON assets
BEGIN SELECT RAISE(ABORT, 'an asset keeps its tag'); END;
CREATE TRIGGER assets_stay BEFORE DELETE ON assets
BEGIN SELECT RAISE(ABORT, 'assets are never deleted'); END;
CREATE INDEX assets_by_due_date ON assets(due_on) WHERE due_on IS NOT NULL;
CREATE INDEX handovers_by_holder ON handovers(holder_id);
CREATE INDEX handovers_open ON handovers(batch_id) WHERE accepted_seq IS NULL AND asked = 1;
CREATE INDEX receipts_by_holder ON receipts(holder_id);
CREATE TRIGGER holders_keep BEFORE UPDATE ON holders
WHEN NEW.holder_id <> OLD.holder_id
    OR EXISTS (SELECT 1 FROM holders WHERE name_key = NEW.name_key AND holder_id <> OLD.holder_id)
BEGIN SELECT RAISE(ABORT, 'a holder keeps the number, and a name is of one holder'); END;
CREATE TRIGGER holders_of_known BEFORE UPDATE OF organisation_id ON holders
WHEN NOT EXISTS (SELECT 1 FROM organisations WHERE organisation_id = NEW.organisation_id)
BEGIN SELECT RAISE(ABORT, 'an organisation is registered'); END;
CREATE TRIGGER holders_new_of_known BEFORE INSERT ON holders
WHEN NOT EXISTS (SELECT 1 FROM organisations WHERE organisation_id = NEW.organisation_id)
BEGIN SELECT RAISE(ABORT, 'an organisation is registered'); END;
CREATE TRIGGER organisations_once BEFORE INSERT ON organisations
WHEN EXISTS (SELECT 1 FROM organisations WHERE organisation_id = NEW.organisation_id OR name_key = NEW.name_key)
BEGIN SELECT RAISE(ABORT, 'the organisation exists'); END;
CREATE TRIGGER organisations_keep BEFORE UPDATE ON organisations
BEGIN SELECT RAISE(ABORT, 'an organisation keeps number and name'); END;
CREATE TRIGGER organisations_stay BEFORE DELETE ON organisations
BEGIN SELECT RAISE(ABORT, 'organisations are never deleted'); END;
CREATE TRIGGER buildings_once BEFORE INSERT ON buildings
WHEN EXISTS (SELECT 1 FROM buildings WHERE building_key = NEW.building_key)
BEGIN SELECT RAISE(ABORT, 'the building exists'); END;
CREATE TRIGGER buildings_keep BEFORE UPDATE ON buildings
BEGIN SELECT RAISE(ABORT, 'a building keeps its name'); END;
CREATE TRIGGER buildings_stay BEFORE DELETE ON buildings
BEGIN SELECT RAISE(ABORT, 'buildings are never deleted'); END;
CREATE TRIGGER rooms_once BEFORE INSERT ON rooms
WHEN EXISTS (SELECT 1 FROM rooms WHERE room_key = NEW.room_key)
    OR NOT EXISTS (SELECT 1 FROM buildings WHERE building_key = NEW.building_key)
BEGIN SELECT RAISE(ABORT, 'a room is new and in a building that is registered'); END;
CREATE TRIGGER rooms_keep BEFORE UPDATE ON rooms
BEGIN SELECT RAISE(ABORT, 'a room keeps name and building'); END;
CREATE TRIGGER rooms_stay BEFORE DELETE ON rooms
BEGIN SELECT RAISE(ABORT, 'rooms are never deleted'); END;
CREATE TRIGGER building_uses_of_known BEFORE INSERT ON building_uses
WHEN NOT EXISTS (SELECT 1 FROM organisations WHERE organisation_id = NEW.organisation_id)
    OR NOT EXISTS (SELECT 1 FROM buildings WHERE building_key = NEW.building_key)
BEGIN SELECT RAISE(ABORT, 'organisation and building are registered'); END;
CREATE TRIGGER building_uses_keep BEFORE UPDATE OF organisation_id, building_key ON building_uses
BEGIN SELECT RAISE(ABORT, 'a use keeps its organisation and building'); END;
CREATE TRIGGER building_uses_stay BEFORE DELETE ON building_uses
BEGIN SELECT RAISE(ABORT, 'a use is no longer allowed, but never deleted'); END;
CREATE TRIGGER settings_keep BEFORE UPDATE OF name ON settings
BEGIN SELECT RAISE(ABORT, 'a setting keeps its name'); END;
CREATE TRIGGER settings_stay BEFORE DELETE ON settings
BEGIN SELECT RAISE(ABORT, 'a setting is set otherwise, but never deleted'); END;
CREATE TRIGGER contact_hashes_of_known BEFORE INSERT ON contact_hashes
WHEN NOT EXISTS (SELECT 1 FROM holders WHERE holder_id = NEW.holder_id)
BEGIN SELECT RAISE(ABORT, 'a holder is registered'); END;
CREATE TRIGGER contact_hashes_keep BEFORE UPDATE OF holder_id ON contact_hashes
BEGIN SELECT RAISE(ABORT, 'contact data is of one holder'); END;
CREATE TRIGGER contact_hashes_stay BEFORE DELETE ON contact_hashes
BEGIN SELECT RAISE(ABORT, 'that there was contact data stays'); END;
CREATE TRIGGER contacts_of_known BEFORE INSERT ON contacts
WHEN NOT EXISTS (SELECT 1 FROM holders WHERE holder_id = NEW.holder_id)
BEGIN SELECT RAISE(ABORT, 'a holder is registered'); END;
CREATE TRIGGER contacts_keep BEFORE UPDATE OF holder_id ON contacts
BEGIN SELECT RAISE(ABORT, 'contact data is of one holder'); END;
CREATE TRIGGER handovers_once BEFORE INSERT ON handovers
WHEN NOT EXISTS (SELECT 1 FROM holders WHERE holder_id = NEW.holder_id)
    OR EXISTS (SELECT 1 FROM handovers WHERE batch_id = NEW.batch_id AND holder_id = NEW.holder_id)
BEGIN SELECT RAISE(ABORT, 'a batch hands over to a holder once, to one that is registered'); END;
CREATE TRIGGER handovers_keep BEFORE UPDATE ON handovers
WHEN NEW.batch_id <> OLD.batch_id OR NEW.holder_id <> OLD.holder_id
    OR coalesce(NEW.accepted_seq, 0) <= OLD.accepted_seq
BEGIN SELECT RAISE(ABORT, 'an acceptance is given once, and superseded only by a later entry'); END;
CREATE TRIGGER handovers_stay BEFORE DELETE ON handovers
BEGIN SELECT RAISE(ABORT, 'handovers are never deleted'); END;
CREATE TRIGGER receipts_once BEFORE INSERT ON receipts
WHEN NEW.receipt_id IS NOT (SELECT coalesce(max(receipt_id), 0) + 1 FROM receipts)
    OR EXISTS (SELECT 1 FROM receipts WHERE seq = NEW.seq)
    OR NOT EXISTS (SELECT 1 FROM holders WHERE holder_id = NEW.holder_id)
BEGIN SELECT RAISE(ABORT, 'receipts follow one another, each for a holder that is registered'); END;
CREATE TRIGGER receipts_keep BEFORE UPDATE ON receipts
BEGIN SELECT RAISE(ABORT, 'a receipt is never changed'); END;
CREATE TRIGGER receipts_stay BEFORE DELETE ON receipts
BEGIN SELECT RAISE(ABORT, 'receipts are never deleted'); END;
CREATE TRIGGER receipt_texts_once BEFORE INSERT ON receipt_texts
WHEN EXISTS (SELECT 1 FROM receipt_texts WHERE receipt_id = NEW.receipt_id)
BEGIN SELECT RAISE(ABORT, 'a receipt has one text'); END;
CREATE TRIGGER receipt_texts_keep BEFORE UPDATE ON receipt_texts
BEGIN SELECT RAISE(ABORT, 'the text of a receipt is never changed'); END;
CREATE TRIGGER receipt_texts_stay BEFORE DELETE ON receipt_texts
BEGIN SELECT RAISE(ABORT, 'the text of a receipt is never deleted'); END;
CREATE TRIGGER corrections_once BEFORE INSERT ON corrections
WHEN EXISTS (SELECT 1 FROM corrections WHERE corrected_seq = NEW.corrected_seq OR seq = NEW.seq)
    OR NOT EXISTS (SELECT 1 FROM assets WHERE asset_tag = NEW.asset_tag)
BEGIN SELECT RAISE(ABORT, 'an entry about an asset is superseded once'); END;
CREATE TRIGGER corrections_keep BEFORE UPDATE ON corrections
BEGIN SELECT RAISE(ABORT, 'a correction is never changed'); END;
CREATE TRIGGER corrections_stay BEFORE DELETE ON corrections
BEGIN SELECT RAISE(ABORT, 'corrections are never deleted'); END;
CREATE TRIGGER counts_once BEFORE INSERT ON counts
WHEN NEW.count_id IS NOT (SELECT coalesce(max(count_id), 0) + 1 FROM counts) OR NEW.closed_seq IS NOT NULL
    OR EXISTS (SELECT 1 FROM counts WHERE started_seq = NEW.started_seq)
BEGIN SELECT RAISE(ABORT, 'counts follow one another, and begin open'); END;
CREATE TRIGGER counts_keep BEFORE UPDATE ON counts
WHEN NEW.count_id <> OLD.count_id OR NEW.started_seq <> OLD.started_seq OR OLD.closed_seq IS NOT NULL
    OR EXISTS (SELECT 1 FROM counts WHERE closed_seq = NEW.closed_seq)
BEGIN SELECT RAISE(ABORT, 'a count is closed once, and stays'); END;
CREATE TRIGGER counts_stay BEFORE DELETE ON counts
BEGIN SELECT RAISE(ABORT, 'counts are never deleted'); END;
CREATE TRIGGER count_expected_once BEFORE INSERT ON count_expected
WHEN EXISTS (SELECT 1 FROM count_expected WHERE count_id = NEW.count_id AND asset_tag = NEW.asset_tag)
    OR NOT EXISTS (SELECT 1 FROM counts WHERE count_id = NEW.count_id)
    OR NOT EXISTS (SELECT 1 FROM assets WHERE asset_tag = NEW.asset_tag)
BEGIN SELECT RAISE(ABORT, 'a count expects assets that there are, each once'); END;
CREATE TRIGGER count_expected_keep BEFORE UPDATE ON count_expected
BEGIN SELECT RAISE(ABORT, 'what a count expects is frozen'); END;
CREATE TRIGGER count_expected_stay BEFORE DELETE ON count_expected
BEGIN SELECT RAISE(ABORT, 'what a count expects is frozen'); END;
CREATE TRIGGER count_scans_once BEFORE INSERT ON count_scans
WHEN EXISTS (SELECT 1 FROM count_scans WHERE count_id = NEW.count_id AND seq = NEW.seq)
    OR NOT EXISTS (SELECT 1 FROM counts WHERE count_id = NEW.count_id AND closed_seq IS NULL)
BEGIN SELECT RAISE(ABORT, 'scans are added to an open count'); END;
CREATE TRIGGER count_scans_keep BEFORE UPDATE ON count_scans
BEGIN SELECT RAISE(ABORT, 'the scans of a count stay'); END;
CREATE TRIGGER count_scans_stay BEFORE DELETE ON count_scans
BEGIN SELECT RAISE(ABORT, 'the scans of a count stay'); END;
COMMIT;
PRAGMA application_id=1096046129;
PRAGMA user_version=2;
