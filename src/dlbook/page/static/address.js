/* The settings in the page's address: #section?name.setting=value&..., only what is not default. */
(() => {
  function parts() {
    const [section, query = ""] = location.hash.slice(1).split("?");
    return { section, query: new URLSearchParams(query) };
  }

  function store({ section, query }) {
    const text = query.toString();
    const hash = section || text ? `#${section}${text ? `?${text}` : ""}` : "";
    if (hash !== location.hash)
      history.replaceState(history.state, "", location.pathname + location.search + hash);
  }

  const get = (key) => parts().query.get(key);

  /* null takes the key out. */
  function put(key, text) {
    const address = parts();
    if (text === null) address.query.delete(key);
    else address.query.set(key, text);
    store(address);
  }

  /* The position of every setting of an explorer that the address names, checked. */
  function read(name, controls) {
    return controls.map((control) => {
      const at = control.values.indexOf(get(`${name}.${control.name}`));
      return at < 0 ? control.default : at;
    });
  }

  function write(name, controls, position) {
    const address = parts();
    controls.forEach((control, k) => {
      const key = `${name}.${control.name}`;
      if (position[k] === control.default) address.query.delete(key);
      else address.query.set(key, control.values[position[k]]);
    });
    store(address);
  }

  /* A heading link with settings behind it: the browser finds no such id, so go there by hand. */
  function goToSection() {
    if (location.hash.includes("?")) document.getElementById(parts().section)?.scrollIntoView();
  }

  /* A heading link moves no slider: the settings stay in the address. Comes before all explorers. */
  addEventListener("hashchange", ({ oldURL, newURL }) => {
    const { hash } = new URL(oldURL), settings = hash.slice(hash.indexOf("?"));
    if (!hash.includes("?") || new URL(newURL).hash.includes("?")) return;
    history.replaceState(history.state, "", (newURL.includes("#") ? newURL : `${newURL}#`) + settings);
  });

  DLBOOK.address = { get, put, read, write, goToSection };
})();
