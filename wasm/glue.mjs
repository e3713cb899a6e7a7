// The glue of all engines: embind's side in JavaScript (what wasm/src/bindings*.cpp registers becomes classes and functions), memory that
// grows, and nothing else of what Emscripten writes: no files, no streams, no overloads, no smart pointers, no calls of 64-bit numbers.
// The keys that begin with an underscore are the engine's imports and exports; one-glue.mjs gives them the short names of the wasm, and
// takes Emscripten's own glue instead where their parameters are other ones (another version). Protocol: Emscripten 3.1.69, src/embind.
export default async function create({ instantiateWasm }) {
  let data, bytes;
  const types = {}; // by id: to(value, after) -> number for the engine, from(number) -> value, read(address) -> value
  const fields = {}; // of the object type that is being registered, by its id
  const callers = [];
  const values = [0, 0, undefined, 0, null, 0, true, 0, false, 0]; // by handle, which is even; after each how often it is held
  const free_handles = [];
  const module = {};

  const look = () => {
    data = new DataView(memory.buffer);
    bytes = new Uint8Array(memory.buffer);
  };
  const word = (at) => data.getUint32(at, true);
  const words = (count, at) => Array.from({ length: count }, (_, i) => word(at + 4 * i));
  const name_at = (at) => String.fromCharCode(...bytes.subarray(at, bytes.indexOf(0, at)));
  const failed = (message) => {
    throw Object.assign(new Error(message), { name: 'BindingError' });
  };

  const hold = (value) => {
    const reserved = [undefined, null, true, false].indexOf(value);
    if (reserved >= 0) return 2 + 2 * reserved;
    const handle = free_handles.pop() ?? values.length;
    values[handle] = value;
    values[handle + 1] = 1;
    return handle;
  };
  const drop = (handle) => {
    if (handle > 9 && --values[handle + 1] === 0) {
      values[handle] = undefined;
      free_handles.push(handle);
    }
  };
  /** A value on its way into the engine; what must be freed afterwards waits behind the handle that is written at `to_free`. */
  const given = (type, value, to_free) => {
    const after = [];
    const number = types[type].to(value, after);
    if (after.length > 0) data.setUint32(to_free, hold(after), true);
    return number;
  };

  const is_type = (id, type) => {
    types[id] = { read: (at) => type.from(word(at)), ...type };
  };
  const invoker = (ids, call, own) =>
    function (...args) {
      const after = [];
      try {
        const passed = own ? [types[ids[1]].to(this, after)] : [];
        ids.slice(own ? 2 : 1).forEach((id, i) => passed.push(types[id].to(args[i], after)));
        return types[ids[0]].from(call(...passed));
      } finally {
        for (const release of after) release();
      }
    };

  class Bound {
    delete() {
      this.$kind.destroy(this.$kind.to(this));
      this.$at = 0;
    }
  }

  const imports = {
    __embind_register_void(id, _name) {
      is_type(id, { to() {}, from() {} });
    },
    __embind_register_bool(id, _name, yes, no) {
      is_type(id, { to: (v) => (v ? yes : no), from: (v) => !!v, read: (at) => !!bytes[at] });
    },
    __embind_register_integer(id, _name, size, low, _high) {
      const kind = `get${low ? 'Int' : 'Uint'}${8 * size}`;
      const bits = 32 - 8 * size;
      const from = low ? (v) => v : (v) => (v << bits) >>> bits;
      is_type(id, { to: (v) => v, from, read: (at) => data[kind](at, true) });
    },
    __embind_register_bigint(_id, _name, _size, _low, _low_high, _high, _high_high) {},
    __embind_register_float(id, _name, size) {
      const kind = `getFloat${8 * size}`;
      is_type(id, { to: (v) => v, from: (v) => v, read: (at) => data[kind](at, true) });
    },
    __embind_register_std_string(id, _name) {
      is_type(id, {
        to(value, after) {
          const text = typeof value === 'string' ? new TextEncoder().encode(value) : value;
          if (!ArrayBuffer.isView(text)) failed('Cannot pass non-string to std::string');
          const at = wasm._malloc(5 + text.length);
          data.setUint32(at, text.length, true);
          bytes.set(text, at + 4);
          bytes[at + 4 + text.length] = 0;
          after.push(() => wasm._free(at));
          return at;
        },
        from(at) {
          const text = bytes.subarray(at + 4, at + 4 + word(at));
          const value = new TextDecoder('utf-8', { ignoreBOM: true }).decode(text);
          wasm._free(at);
          return value;
        },
      });
    },
    __embind_register_std_wstring(_id, _size, _name) {},
    __embind_register_emval(id) {
      const from = (handle) => {
        const value = values[handle];
        drop(handle);
        return value;
      };
      is_type(id, { to: hold, from });
    },
    __embind_register_memory_view(id, kind, _name) {
      const Kind = [
        Int8Array,
        Uint8Array,
        Int16Array,
        Uint16Array,
        Int32Array,
        Uint32Array,
        Float32Array,
        Float64Array,
      ][kind];
      const from = (at) => new Kind(memory.buffer, word(at + 4), word(at));
      is_type(id, { from, read: from });
    },

    __embind_register_value_object(id, _name, _made, make, _destroyed, destroy) {
      fields[id] = [];
      is_type(id, {
        to(value, after) {
          const at = table.get(make)();
          after.push(() => table.get(destroy)(at));
          for (const { name, set } of fields[id]) {
            if (!(name in value)) throw new TypeError(`Missing field: "${name}"`);
            set(at, value[name], after);
          }
          return at;
        },
        from(at) {
          const value = Object.fromEntries(fields[id].map(({ name, get }) => [name, get(at)]));
          table.get(destroy)(at);
          return value;
        },
      });
    },
    __embind_register_value_object_field(id, name, out, _got, getter, from, into, _set, setter, to) {
      fields[id].push({
        name: name_at(name),
        get: (at) => types[out].from(table.get(getter)(from, at)),
        set: (at, value, after) => table.get(setter)(to, at, types[into].to(value, after)),
      });
    },
    __embind_finalize_value_object(_id) {},

    __embind_register_class(
      id,
      pointer,
      constant,
      base,
      _a,
      _actual,
      _u,
      upcast,
      _d,
      _downcast,
      name,
      _f,
      destroy,
    ) {
      const title = name_at(name);
      const kind = {
        base,
        destroy: (at) => table.get(destroy)(at),
        up: (at) => table.get(upcast)(at),
        to(value) {
          let own = value?.$kind;
          if (!own) failed(`Cannot pass "${value}" as a ${title}`);
          if (!value.$at) failed(`Cannot pass a deleted ${title}`);
          let at = value.$at;
          for (; own !== kind; own = types[own.base]?.kind) {
            if (!own?.base) failed(`This object is no ${title}`);
            at = own.up(at);
          }
          return at;
        },
        from: (at) => (at ? Object.assign(Object.create(Class.prototype), { $at: at }) : null),
      };
      const Class = function (...args) {
        return (kind.make ?? failed(`${title} has no accessible constructor`))(...args);
      };
      Class.prototype = Object.create(Bound.prototype, { $kind: { value: kind } });
      for (const way of [id, pointer, constant]) is_type(way, { kind, Class, to: kind.to, from: kind.from });
      module[title] = Class;
    },
    __embind_register_class_constructor(id, count, ids, _signature, invoke, context) {
      const call = table.get(invoke);
      types[id].kind.make = invoker(words(count, ids), (...args) => call(context, ...args));
    },
    __embind_register_class_function(
      id,
      name,
      count,
      ids,
      _signature,
      invoke,
      context,
      _pure,
      _async,
      _nonnull,
    ) {
      const call = table.get(invoke);
      types[id].Class.prototype[name_at(name)] = invoker(
        words(count, ids),
        (...args) => call(context, ...args),
        true,
      );
    },
    __embind_register_function(name, count, ids, _signature, invoke, target, _async, _nonnull) {
      const call = table.get(invoke);
      module[name_at(name)] = invoker(words(count, ids), (...args) => call(target, ...args));
    },

    __emval_as(handle, type, to_free) {
      return given(type, values[handle], to_free);
    },
    __emval_get_method_caller(count, ids, _kind) {
      return callers.push(words(count, ids)) - 1;
    },
    __emval_call_method(caller, handle, name, to_free, at) {
      const [type, ...ids] = callers[caller];
      const args = ids.map((id, i) => types[id].read(at + 8 * i));
      return given(type, values[handle][name_at(name)](...args), to_free);
    },
    __emval_decref(handle) {
      drop(handle);
    },
    __emval_incref(handle) {
      if (handle > 9) values[handle + 1]++;
    },
    __emval_get_property(handle, key) {
      return hold(values[handle][values[key]]);
    },
    __emval_set_property(handle, key, value) {
      values[handle][values[key]] = values[value];
    },
    __emval_new_array() {
      return hold([]);
    },
    __emval_new_object() {
      return hold({});
    },
    __emval_new_cstring(at) {
      return hold(name_at(at));
    },
    __emval_take_value(type, at) {
      return hold(types[type].read(at));
    },
    __emval_run_destructors(handle) {
      for (const release of values[handle]) release();
      drop(handle);
    },
    __emval_throw(handle) {
      throw values[handle];
    },

    __abort_js() {
      wasm.___trap(); // unlike an error that is thrown here, no C++ handler catches it
    },
    /** A fifth more than there was, or less where that is too much. */
    _emscripten_resize_heap(wanted) {
      const size = bytes.length;
      for (const more of [0.2, 0.1, 0.05, 0])
        try {
          const target = Math.max(wanted >>> 0, Math.min(size * (1 + more), (wanted >>> 0) + 100663296));
          memory.grow(Math.ceil((target - size) / 65536));
          look();
          return 1;
        } catch {
          continue;
        }
      return 0;
    },
  };

  const { exports: wasm } = await new Promise((resolve) => instantiateWasm({ a: imports }, resolve));
  const { _memory: memory, _table: table } = wasm;
  look();
  wasm.___wasm_call_ctors();
  for (const { kind, Class } of Object.values(types))
    if (kind?.base) Object.setPrototypeOf(Class.prototype, types[kind.base].Class.prototype);
  return module;
}
