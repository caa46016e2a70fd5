-- A database as schema 1 kept it, told by the sqlite3 shell (.dump): 26 entries of the made-up station of the tests.
-- Two cases, three holders (two by a batch), five assets: A1 issued, returned and issued again, A2 returned and taken
-- out of its slot, A3 issued from no slot, A4 issued and retired, A5 moved and then issued. Never edit it.
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE schema_migrations(
    number INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    sha256 TEXT NOT NULL
) STRICT;
INSERT INTO schema_migrations VALUES(1,'0001_first.sql','6c7f1256ba72dd7f8775fc241bbfd921de4f3eb9db74b496eb9a458b6140dff1');
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
) STRICT;
INSERT INTO holders VALUES(1,'Jane Smith','jane smith');
INSERT INTO holders VALUES(2,'Zoë Quill','zoë quill');
INSERT INTO holders VALUES(3,'Bob Lee','bob lee');
CREATE TABLE cases(
    case_name TEXT PRIMARY KEY CHECK (
        case_name GLOB '[A-Z0-9]*' AND case_name NOT GLOB '*[^A-Z0-9 _-]*' AND case_name NOT GLOB '* '
        AND length(CAST(case_name AS BLOB)) BETWEEN 1 AND 30 AND length(case_name) = length(CAST(case_name AS BLOB))
        AND case_name <> 'OUT'
    ),
    slots INTEGER NOT NULL CHECK (slots BETWEEN 1 AND 500)
) STRICT, WITHOUT ROWID;
INSERT INTO cases VALUES('C1',4);
INSERT INTO cases VALUES('C2',2);
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
    latest_at TEXT NOT NULL CHECK (length(latest_at) = 27),
    CHECK ((status = 'IN_CUSTODY') = (holder_id IS NOT NULL))
) STRICT, WITHOUT ROWID;
INSERT INTO assets VALUES('A1','IN_CUSTODY',2,'laptop','B1-101',NULL,NULL,NULL,NULL,'2026-07-01T10:06:00.000000Z');
INSERT INTO assets VALUES('A2','STORAGE',NULL,'laptop','B1-101',NULL,NULL,NULL,NULL,'2026-07-01T12:00:08.000000Z');
INSERT INTO assets VALUES('A3','IN_CUSTODY',2,'laptop','B1-101',NULL,NULL,NULL,NULL,'2026-07-01T10:05:00.000000Z');
INSERT INTO assets VALUES('A4','RETIRED',NULL,'laptop','B1-101',NULL,NULL,NULL,NULL,'2026-07-01T10:03:00.000000Z');
INSERT INTO assets VALUES('A5','IN_CUSTODY',1,'laptop','B1-101',NULL,NULL,NULL,NULL,'2026-07-01T12:00:05.000000Z');
CREATE TABLE slots(
    case_name TEXT NOT NULL REFERENCES cases(case_name),
    slot_position INTEGER NOT NULL CHECK (slot_position BETWEEN 1 AND 500),
    current_asset_tag TEXT REFERENCES assets(asset_tag),
    PRIMARY KEY (case_name, slot_position)
) STRICT, WITHOUT ROWID;
INSERT INTO slots VALUES('C1',1,NULL);
INSERT INTO slots VALUES('C1',2,NULL);
INSERT INTO slots VALUES('C1',3,NULL);
INSERT INTO slots VALUES('C1',4,NULL);
INSERT INTO slots VALUES('C2',1,NULL);
INSERT INTO slots VALUES('C2',2,NULL);
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
INSERT INTO audit_log VALUES(2,NULL,NULL,NULL,X'14f8ed8c7e0f147efb8a5dfdfaf58c550733f3efaa6443b53bd1bf55d9b2e042','{"case_name":"C1","event_type":"CASE","operator":"gcurl","recorded_at":"2026-07-01T12:00:01.000000Z","seq":2,"slots":4,"version":"0.0-test"}');
INSERT INTO audit_log VALUES(3,NULL,NULL,NULL,X'53db7bfcbd12ee69b20e5c0cf69a6e5cbb8811cb530081554aa1812fa8c4bf3d','{"case_name":"C2","event_type":"CASE","operator":"gcurl","recorded_at":"2026-07-01T12:00:01.000000Z","seq":3,"slots":2,"version":"0.0-test"}');
INSERT INTO audit_log VALUES(4,NULL,NULL,NULL,X'5279b812c1d13cdd7cdbb766ec9d1d45be2225e53bf1076bc1608a2ce05535b9','{"event_type":"HOLDER","holder_id":1,"name":"Jane Smith","operator":"gcurl","recorded_at":"2026-07-01T12:00:02.000000Z","seq":4,"version":"0.0-test"}');
INSERT INTO audit_log VALUES(5,1,NULL,NULL,X'2d18fdfa5d6446912765d163fc7261460a7409ff5026f97cc7c79f9d72717adf','{"batch_id":1,"event_type":"BATCH","new_holders":2,"operator":"gcurl","options":{"defaults":{"building_room":"B1-101"},"new_holders":true},"recorded_at":"2026-07-01T12:00:03.000000Z","rows":10,"seq":5,"source_name":"scans.csv","source_sha256":"deb2415fdea0c7f99640ac4c1baaf9949738a94bb5f60f3fdc0935d21092c40b","version":"0.0-test"}');
INSERT INTO audit_log VALUES(6,1,NULL,NULL,X'279c2397a827c1d132ca139469eb14100fce15dd3b8b832c888ff6b1b51a8646','{"batch_id":1,"event_type":"HOLDER","holder_id":2,"name":"Zoë Quill","operator":"gcurl","recorded_at":"2026-07-01T12:00:03.000000Z","seq":6,"version":"0.0-test"}');
INSERT INTO audit_log VALUES(7,1,NULL,NULL,X'dc35ebae66021fd961293c949c95c9770e2d7bb4154fbd16db7a3393d99ba407','{"batch_id":1,"event_type":"HOLDER","holder_id":3,"name":"Bob Lee","operator":"gcurl","recorded_at":"2026-07-01T12:00:03.000000Z","seq":7,"version":"0.0-test"}');
INSERT INTO audit_log VALUES(8,1,'A1',X'b294a1dd8d8685b31e7b0cc9e840eb690d9b46a1d1d2d99c1be1d7a79499eb51',X'77e0f379383b1101569b07860aa665915f43df4f9062ecc32228677ffdd06d7e','{"after":{"building_room":"B1-101","case_name":"C1","equipment_type":"laptop","holder":null,"slot_position":1,"status":"STORAGE"},"asset_tag":"A1","batch_id":1,"before":null,"case_number":"C1","equipment_type":"laptop","event_type":"SCAN","notes":"dented","occurred_at":"2026-07-01T10:00:00.000000Z","operator_id":"gcurl","row_number":1,"seq":8,"slot_number":1,"timestamp":"2026-07-01T10:00Z"}');
INSERT INTO audit_log VALUES(9,1,'A2',X'b5f3007ae542b7564a195845632f1d175a24902162c173d87d5f269d6a8fcb43',X'92b3a3e108f9588b74b7d294841584b38f71e0690394cd468afdd59e066188d5','{"after":{"building_room":"B1-101","case_name":"C1","equipment_type":"laptop","holder":null,"slot_position":2,"status":"STORAGE"},"asset_tag":"A2","batch_id":1,"before":null,"case_number":"C1","equipment_type":"laptop","event_type":"SCAN","occurred_at":"2026-07-01T10:00:00.000000Z","operator_id":"gcurl","row_number":2,"seq":9,"slot_number":2,"timestamp":"2026-07-01T10:00Z"}');
INSERT INTO audit_log VALUES(10,1,'A3',X'1a4a803710df30e11255c9d1ebc387117c7fe80a59f2817df84ec3b5f6c05fee',X'02156840389ee2ab4088fbc8e091c6c3bbe7aab46af1998a810f054e0c960599','{"after":{"building_room":"B1-101","case_name":null,"equipment_type":"laptop","holder":null,"slot_position":null,"status":"STORAGE"},"asset_tag":"A3","batch_id":1,"before":null,"equipment_type":"laptop","event_type":"SCAN","occurred_at":"2026-07-01T10:00:00.000000Z","operator_id":"gcurl","row_number":3,"seq":10,"timestamp":"2026-07-01T10:00Z"}');
INSERT INTO audit_log VALUES(11,1,'A4',X'a1571a8d77e3d11574f96c9d25f752b514ef0fb2b98c1a8fe8e98e4798980a18',X'7fbb95b625c010b4d26d57898d85700b2f226b98f264cd641806ac88f2cba1eb','{"after":{"building_room":"B1-101","case_name":"C1","equipment_type":"laptop","holder":null,"slot_position":3,"status":"STORAGE"},"asset_tag":"A4","batch_id":1,"before":null,"case_number":"C1","equipment_type":"laptop","event_type":"SCAN","occurred_at":"2026-07-01T10:00:00.000000Z","operator_id":"gcurl","row_number":4,"seq":11,"slot_number":3,"timestamp":"2026-07-01T10:00Z"}');
INSERT INTO audit_log VALUES(12,1,'A5',X'c1541d5a00c3fec365e0b707fb5956bb13b8398920407eb54a8231d07e3668ee',X'02bd548498519ef273eac13e4613a4bb84b1a005dc9f84a830f2e11c209756bf','{"after":{"building_room":"B1-101","case_name":"C1","equipment_type":"laptop","holder":null,"slot_position":4,"status":"STORAGE"},"asset_tag":"A5","batch_id":1,"before":null,"case_number":"C1","equipment_type":"laptop","event_type":"SCAN","occurred_at":"2026-07-01T10:00:00.000000Z","operator_id":"gcurl","row_number":5,"seq":12,"slot_number":4,"timestamp":"2026-07-01T10:00Z"}');
INSERT INTO audit_log VALUES(13,1,'A1',X'1a0076470335c933b04b558c4b9423dff13d9463bad28b64fe1111928e7c3cc6',X'6c15cc42c1eebec36aebbdc6bdd9efe47af695c4e10aa549c830f9ffbd6cd151','{"after":{"building_room":"B1-101","case_name":null,"equipment_type":"laptop","holder":"Jane Smith","slot_position":null,"status":"IN_CUSTODY"},"asset_tag":"A1","batch_id":1,"before":{"building_room":"B1-101","case_name":"C1","equipment_type":"laptop","holder":null,"slot_position":1,"status":"STORAGE"},"case_number":"OUT","event_type":"ISSUE","holder_id":1,"issued_to_name":"Jane Smith","occurred_at":"2026-07-01T10:01:00.000000Z","operator_id":"gcurl","row_number":6,"seq":13,"slot_number":"OUT","timestamp":"2026-07-01T10:01Z"}');
INSERT INTO audit_log VALUES(14,1,'A2',X'88d3bf957bfb33f283d73bc337f59686a478d105e13030f3f85aaf696258f527',X'c89d7d7cd989e469c5deb1d87956cb1c90a4ea0588addee7a1c85c35af290c10','{"after":{"building_room":"B1-101","case_name":null,"equipment_type":"laptop","holder":"Jane Smith","slot_position":null,"status":"IN_CUSTODY"},"asset_tag":"A2","batch_id":1,"before":{"building_room":"B1-101","case_name":"C1","equipment_type":"laptop","holder":null,"slot_position":2,"status":"STORAGE"},"case_number":"OUT","event_type":"ISSUE","holder_id":1,"issued_to_name":"Jane Smith","occurred_at":"2026-07-01T10:01:00.000000Z","operator_id":"gcurl","row_number":7,"seq":14,"slot_number":"OUT","timestamp":"2026-07-01T10:01Z"}');
INSERT INTO audit_log VALUES(15,1,'A3',X'f9ba61e0835f1ec8bd5e1ec4c1f20c7bcacaa9e023de1702949e19c934d655b7',X'62849021380d1ad359a25b40f3608216e2429a247e98ef4b2bbb7a6ae17dc687','{"after":{"building_room":"B1-101","case_name":null,"equipment_type":"laptop","holder":"Zoë Quill","slot_position":null,"status":"IN_CUSTODY"},"asset_tag":"A3","batch_id":1,"before":{"building_room":"B1-101","case_name":null,"equipment_type":"laptop","holder":null,"slot_position":null,"status":"STORAGE"},"case_number":"OUT","event_type":"ISSUE","holder_id":2,"issued_to_name":"Zoë Quill","occurred_at":"2026-07-01T10:01:00.000000Z","operator_id":"gcurl","row_number":8,"seq":15,"slot_number":"OUT","timestamp":"2026-07-01T10:01Z"}');
INSERT INTO audit_log VALUES(16,1,'A4',X'81ac3738d3ec094bceab373fae5921b74b081b6b171dac655c1b3f585036d445',X'fafbb0b4a6cbcbe3ddc22a7361ffe3f65ad956b7a845fe50b72cc0f936a394c0','{"after":{"building_room":"B1-101","case_name":null,"equipment_type":"laptop","holder":"Bob Lee","slot_position":null,"status":"IN_CUSTODY"},"asset_tag":"A4","batch_id":1,"before":{"building_room":"B1-101","case_name":"C1","equipment_type":"laptop","holder":null,"slot_position":3,"status":"STORAGE"},"case_number":"OUT","event_type":"ISSUE","holder_id":3,"issued_to_name":"Bob Lee","occurred_at":"2026-07-01T10:01:00.000000Z","operator_id":"gcurl","row_number":9,"seq":16,"slot_number":"OUT","timestamp":"2026-07-01T10:01Z"}');
INSERT INTO audit_log VALUES(17,1,'A2',X'b1ded5c3070b25db1a642e5205aa63716a426f1f4febcc8f1efb2c9ffe3e462b',X'cb3b7882083d19ff885c9510232793ae2515be439a4fd32a481b82b38a011d28','{"after":{"building_room":"B1-101","case_name":"C2","equipment_type":"laptop","holder":null,"slot_position":1,"status":"STORAGE"},"asset_tag":"A2","batch_id":1,"before":{"building_room":"B1-101","case_name":null,"equipment_type":"laptop","holder":"Jane Smith","slot_position":null,"status":"IN_CUSTODY"},"case_number":"C2","event_type":"RETURN","holder_id":1,"occurred_at":"2026-07-01T10:02:00.000000Z","operator_id":"gcurl","row_number":10,"seq":17,"slot_number":1,"timestamp":"2026-07-01T10:02Z"}');
INSERT INTO audit_log VALUES(18,NULL,'A5',NULL,X'2d46df48c4acf962dceaba5b0783ecebebe83c4cff6e7b730e76f1e634326af3','{"after":{"building_room":"B1-101","case_name":"C2","equipment_type":"laptop","holder":null,"slot_position":2,"status":"STORAGE"},"asset_tag":"A5","before":{"building_room":"B1-101","case_name":"C1","equipment_type":"laptop","holder":null,"slot_position":4,"status":"STORAGE"},"event_type":"SLOT_MOVE","occurred_at":"2026-07-01T12:00:05.000000Z","operator":"gcurl","recorded_at":"2026-07-01T12:00:05.000000Z","seq":18,"version":"0.0-test"}');
INSERT INTO audit_log VALUES(19,2,NULL,NULL,X'e5bee750237945062d09f3a45a8da0a46292fe2312160b84351b9d7fea3ead08','{"batch_id":2,"event_type":"BATCH","operator":"gcurl","options":{"late_reason":"forgotten"},"recorded_at":"2026-07-01T12:00:06.000000Z","rows":6,"seq":19,"source_name":"scans.csv","source_sha256":"55c0f43c829fc0746f6d082090d05bb9bd64ab7605a0296c5f6970344af0cf75","version":"0.0-test"}');
INSERT INTO audit_log VALUES(20,2,'A1',X'5623a4840659be315d5935600c4f2310d19ba75037b50f4bf301412f56c08660',X'bfdacfd3549b3a358ea6512512e00069abc130aba6407d7795d5257720200f4b','{"after":{"building_room":"B1-101","case_name":"C1","equipment_type":"laptop","holder":null,"slot_position":4,"status":"STORAGE"},"asset_tag":"A1","batch_id":2,"before":{"building_room":"B1-101","case_name":null,"equipment_type":"laptop","holder":"Jane Smith","slot_position":null,"status":"IN_CUSTODY"},"case_number":"C1","event_type":"RETURN","holder_id":1,"occurred_at":"2026-07-01T10:03:00.000000Z","operator_id":"gcurl","row_number":1,"seq":20,"slot_number":4,"timestamp":"2026-07-01T10:03Z"}');
INSERT INTO audit_log VALUES(21,2,'A1',X'208c76975ff3718c8c8f1e29d55800f662fd1832121968300ca9887a8a8e6554',X'f300932d5b22964a7b7eb7c6adbe9c18a1f298dafc0a6588603b20858b72b9ae','{"after":{"building_room":"B1-101","case_name":null,"equipment_type":"laptop","holder":"Zoë Quill","slot_position":null,"status":"IN_CUSTODY"},"asset_tag":"A1","batch_id":2,"before":{"building_room":"B1-101","case_name":"C1","equipment_type":"laptop","holder":null,"slot_position":4,"status":"STORAGE"},"case_number":"OUT","event_type":"ISSUE","holder_id":2,"issued_to_name":"ZOË quill","occurred_at":"2026-07-01T10:04:00.000000Z","operator_id":"gcurl","row_number":2,"seq":21,"slot_number":"OUT","timestamp":"2026-07-01T10:04Z"}');
INSERT INTO audit_log VALUES(22,2,'A4',X'9a2d46bf283fd63442b11698178f1b4f4e1da1bc13a6acf67b64d551df838121',X'cd2112a87cb0d90afc78bf218a27042dac5f61b634c50948effcf13864e4bd9e','{"after":{"building_room":"B1-101","case_name":null,"equipment_type":"laptop","holder":null,"slot_position":null,"status":"RETIRED"},"asset_tag":"A4","batch_id":2,"before":{"building_room":"B1-101","case_name":null,"equipment_type":"laptop","holder":"Bob Lee","slot_position":null,"status":"IN_CUSTODY"},"event_type":"RETIRE","holder_id":3,"notes":"broken","occurred_at":"2026-07-01T10:03:00.000000Z","operator_id":"gcurl","row_number":3,"seq":22,"timestamp":"2026-07-01T10:03Z"}');
INSERT INTO audit_log VALUES(23,2,'A5',X'5eabeb40c5522ff9be4662845615755e70d4893fc153e065de323c0419274ba7',X'2ec315fe20efe0ca65284000abf5806dd5364dbf6c769499c9183a6e3e4c8309','{"after":{"building_room":"B1-101","case_name":null,"equipment_type":"laptop","holder":"Jane Smith","slot_position":null,"status":"IN_CUSTODY"},"asset_tag":"A5","batch_id":2,"before":{"building_room":"B1-101","case_name":"C2","equipment_type":"laptop","holder":null,"slot_position":2,"status":"STORAGE"},"case_number":"OUT","event_type":"ISSUE","holder_id":1,"issued_to_name":"Jane Smith","late_reason":"forgotten","occurred_at":"2026-07-01T10:00:00.000000Z","operator_id":"gcurl","row_number":4,"seq":23,"slot_number":"OUT","timestamp":"2026-07-01T10:00Z"}');
INSERT INTO audit_log VALUES(24,2,'A3',X'66154f90088feea1bbfd58622066a2a223098b63bb9021e5b8154f7ca94a620d',X'a3bf000f72470ed51273929be9281e6537dfb66a16ac43bd9e7bf9fd2f09b784','{"after":{"building_room":"B1-101","case_name":null,"equipment_type":"laptop","holder":"Zoë Quill","slot_position":null,"status":"IN_CUSTODY"},"asset_tag":"A3","batch_id":2,"before":{"building_room":"B1-101","case_name":null,"equipment_type":"laptop","holder":"Zoë Quill","slot_position":null,"status":"IN_CUSTODY"},"event_type":"UPDATE","holder_id":2,"occurred_at":"2026-07-01T10:05:00.000000Z","operator_id":"gcurl","row_number":5,"seq":24,"timestamp":"2026-07-01T10:05Z"}');
INSERT INTO audit_log VALUES(25,2,'A1',X'3b06a5a757f824ac3cdaf7037bb0179c2d2cfd6044dee33513839cdfd43e22c1',X'250ef27c514ac4c2f9946f0bf13129734cd0f05e26dcd862d171dda95df821d6','{"after":{"building_room":"B1-101","case_name":null,"equipment_type":"laptop","holder":"Zoë Quill","slot_position":null,"status":"IN_CUSTODY"},"asset_tag":"A1","batch_id":2,"before":{"building_room":"B1-101","case_name":null,"equipment_type":"laptop","holder":"Zoë Quill","slot_position":null,"status":"IN_CUSTODY"},"equipment_type":"laptop","event_type":"SCAN","holder_id":2,"occurred_at":"2026-07-01T10:06:00.000000Z","operator_id":"gcurl","row_number":6,"seq":25,"timestamp":"2026-07-01T10:06Z"}');
INSERT INTO audit_log VALUES(26,NULL,'A2',NULL,X'27358d8942df8509cf9c2bb27fddb15bb917d56040fa621e33525c14785243ab','{"after":{"building_room":"B1-101","case_name":null,"equipment_type":"laptop","holder":null,"slot_position":null,"status":"STORAGE"},"asset_tag":"A2","before":{"building_room":"B1-101","case_name":"C2","equipment_type":"laptop","holder":null,"slot_position":1,"status":"STORAGE"},"event_type":"SLOT_VACATE","occurred_at":"2026-07-01T12:00:08.000000Z","operator":"gcurl","reason":"to be cleaned","recorded_at":"2026-07-01T12:00:08.000000Z","seq":26,"version":"0.0-test"}');
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
INSERT INTO checkpoints VALUES(3,replace('assettrack-test0001\n3\nknJxUB/vOno/EHqLXeoxRXpD6DqgYPKm548Ik3ljjBQ=\n\n— assettrack-test0001 dUMq9f7ZXFtFEQf+ZcItLf16jug7Wx3a5ZRym1LHJYOU9qJhW5PzNMPweRB/cxajdHm4q8jpMmEXCTrVoHy4sYbDEgY=\n','\n',char(10)));
INSERT INTO checkpoints VALUES(4,replace('assettrack-test0001\n4\ntERGmZU7S4QP+xCZBpMXXM0V9gXvisPwH299OFoLmZQ=\n\n— assettrack-test0001 dUMq9d6vU2d2IYCbH4VjBWRC5CXYhjfDPRNrHhgvFL5RGUtvwCew8xnSoOvH+Qk84m8kY7vqH3KpktNez+a48WF56wo=\n','\n',char(10)));
INSERT INTO checkpoints VALUES(17,replace('assettrack-test0001\n17\nOY/oHangI/nt/l5ZIcxJNPaLLwjyRCeczsjVog5i5Tw=\n\n— assettrack-test0001 dUMq9QxCDRucUMiHfbrQVpx99ELceJg5hIdrgmnTOmNYiQQnN5GyVQGhvMNU1s+66kuIUUmB+XuThbKOZ7heIdBToQk=\n','\n',char(10)));
INSERT INTO checkpoints VALUES(18,replace('assettrack-test0001\n18\nSCxNsLudghdowxNRvkBu00j965LlHa8w9h63rCoX9Xc=\n\n— assettrack-test0001 dUMq9Xanz2ZmXYpAurSU0Evn4Wzfnbjv13AidhcXJwcxXNwcEVVeN+Ga1wU8cTKzj4UCQvBLXlCdot941v6FBmD6QAo=\n','\n',char(10)));
INSERT INTO checkpoints VALUES(25,replace('assettrack-test0001\n25\nHPBnG6i5X4kdUQYmMjCugK9XexzqzSAUq7XNkWJnmMM=\n\n— assettrack-test0001 dUMq9aGw5rG+DsseZ/ohCk1naMN88z6g8bs4QU3btL1t9M6RVRudOh734HqCULXm5b/KiERXQjTANJKI1Hv6jlis7gY=\n','\n',char(10)));
INSERT INTO checkpoints VALUES(26,replace('assettrack-test0001\n26\nSgVllzstDbWi4DyTyC09Zkh3xa1kgxZZKeH1vVMnh9o=\n\n— assettrack-test0001 dUMq9Qmmn5O1ydAIEPc2cQY5BeQBKQHAYryfztzwIKXU706vepezTgvAgnOKRzVbfUNufu1v0YQDI3HbfB9kkYy93Ag=\n','\n',char(10)));
CREATE TABLE batches(
    batch_id INTEGER PRIMARY KEY CHECK (batch_id > 0),
    first_seq INTEGER NOT NULL UNIQUE REFERENCES audit_log(seq),
    last_seq INTEGER NOT NULL CHECK (last_seq > first_seq)
) STRICT;
INSERT INTO batches VALUES(1,5,17);
INSERT INTO batches VALUES(2,19,25);
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
CREATE TRIGGER holders_keep BEFORE UPDATE ON holders
BEGIN SELECT RAISE(ABORT, 'a holder keeps number and name'); END;
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
COMMIT;
PRAGMA application_id=1096046129;
PRAGMA user_version=1;
