// What clang-tidy is to read, from the commands of the native build: node tidy-database.mjs BUILD_FOLDER writes BUILD_FOLDER/tidy/compile_commands.json.
// Each file once (core is compiled a second time with sanitizers), and without the precompiled header: a file must name all that it needs.
import { readFileSync, writeFileSync } from 'node:fs';

const [build] = process.argv.slice(2);
const once = new Map();
for (const entry of JSON.parse(readFileSync(`${build}/native/compile_commands.json`, 'utf8')))
  if (!once.has(entry.file))
    once.set(entry.file, {
      ...entry,
      command: entry.command.replace(/ -Winvalid-pch| -include \S*cmake_pch\.hxx/gu, ''),
    });
writeFileSync(`${build}/tidy/compile_commands.json`, JSON.stringify([...once.values()], undefined, 1));
