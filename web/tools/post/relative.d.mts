export function relative_address(target: string, file: string): string;
export function make_relative(text: string, file: string, base: string): string;
export function check_script(text: string, file: string, base: string): void;
export function only_woff2(css: string): string;
